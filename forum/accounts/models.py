"""Tables: accounts, their sessions, recovery codes, mutes and blocks."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from forum.accounts.former_member import FORMER_MEMBER
from forum.core import ids
from forum.core.db import Base
from forum.core.db.worded_string import WordedString
from forum.core.translation import lazy

MEMBER, ADMINISTRATOR = "member", "administrator"
MUTE, BLOCK, BLOCKED_BY = "mute", "block", "blocked_by"
# Both databases compare it byte by byte, so lists have one order.
SORTED = String(200).with_variant(String(200, collation="C"), "postgresql")


class Account(Base):
    """A pseudonymous person."""

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint("role in ('member', 'administrator')", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(
        String(16), index=True, unique=True, default=ids.public_id
    )
    handle: Mapped[str] = mapped_column(WordedString(30, FORMER_MEMBER, lazy("a former member")))
    handle_key: Mapped[str] = mapped_column(String(200), unique=True)
    # What a new handle may not share with this one; some older accounts do.
    handle_skeleton: Mapped[str] = mapped_column(String(200), index=True, default="")
    handle_sort: Mapped[str] = mapped_column(SORTED, default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    # Made by the operator: it serves to choose an own one, and opens nothing else.
    password_is_temporary: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Not unique: "this address is taken" would tell that somebody is a member here.
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    role: Mapped[str] = mapped_column(String(20), index=True, default=MEMBER)
    about: Mapped[str] = mapped_column(default="")
    # "" follows the browser, and the forum's own language where there is none, as in mail.
    language: Mapped[str] = mapped_column(String(16), default="", server_default="")
    invisible: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    suspended_until: Mapped[datetime | None]
    suspension_reason: Mapped[str] = mapped_column(default="")


class LastErasedNumber(Base):
    """The highest number of an account that was erased; see `account_rows.number`."""

    __tablename__ = "last_erased_number"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class RetiredHandle(Base):
    """A handle that a former owner left behind; a keyed digest, so it names nobody.

    While they have an account it says whose it was: quotations have the name of their time.
    """

    __tablename__ = "retired_handles"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )


class ImportedName(Base):
    """A name from elsewhere that could not be a handle here, as a keyed digest, and its account."""

    __tablename__ = "imported_names"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )


class SuspendedIdentity(Base):
    """What tells the owner of a suspended account again, also after it was erased.

    Keyed digests alone, for as long as the suspension lasts; see `suspensions`.
    """

    __tablename__ = "suspended_identities"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    person_digest: Mapped[str | None] = mapped_column(String(64))  # older marks have none
    handle_digest: Mapped[str] = mapped_column(String(64))
    email_digest: Mapped[str | None] = mapped_column(String(64))
    until: Mapped[datetime]


class LoginSession(Base):
    """One place where someone is logged in; the token itself is only in their cookie."""

    __tablename__ = "login_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)


class RecoveryCode(Base):
    """A way back in for someone without email; works once."""

    __tablename__ = "recovery_codes"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32), default="", server_default="")
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )


class SecurityEvent(Base):
    """A login, refused ones, or a change of what protects an account; for its owner to read."""

    __tablename__ = "account_security_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(24))
    device: Mapped[str] = mapped_column(String(60), default="")
    count: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(index=True)


class PasswordReset(Base):
    """A link sent by mail; works once, for half an hour."""

    __tablename__ = "password_resets"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    expires_at: Mapped[datetime]


class VerifiedEmail(Base):
    """An address whose owner has confirmed that it is theirs: notifications may be sent there.

    It counts while it is the address of the account. `failures` counts deliveries in a row that
    were given up, `bounces` days on which some came back later, the last at `bounced_at`. Since
    `off_at` nothing is sent there, for the reason `off_reason`.
    """

    __tablename__ = "verified_emails"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    email: Mapped[str] = mapped_column(String(254))
    verified_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    bounces: Mapped[int] = mapped_column(default=0, server_default="0")
    bounced_at: Mapped[datetime | None]
    off_at: Mapped[datetime | None]
    off_reason: Mapped[str] = mapped_column(String(16), default="", server_default="")


class StoppedMailbox(Base):
    """A mailbox to which nothing is sent, as the operator wants it; a keyed digest alone."""

    __tablename__ = "stopped_mailboxes"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    stopped_at: Mapped[datetime]


class AccountRelationship(Base):
    """One person who does not meet another: by mute, by block, or by the other's block.

    A block is two rows, so "does this viewer meet that author" is one look-up either way.
    """

    __tablename__ = "account_relationships"
    __table_args__ = (Index("ix_account_relationships_other_id", "other_id"),)

    viewer_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    other_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    created_at: Mapped[datetime]


class ContentNotePreference(Base):
    """A member's choice for content notes with a topic; "" stands for all other notes."""

    __tablename__ = "content_note_preferences"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    topic: Mapped[str] = mapped_column(String(80), primary_key=True)
    display: Mapped[str] = mapped_column(String(12))
