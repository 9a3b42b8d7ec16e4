"""Tables: conversations of two people, their messages, and who wants no new ones."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base, index_where

REQUESTED, ACCEPTED, DECLINED = "requested", "accepted", "declined"
# How many hours messages stay before they vanish, as both have chosen; 0 is "for good".
VANISHING = (0, 24, 168, 720)


class Conversation(Base):
    """The private messages of two people; there is one for each pair, whoever asked.

    It begins as a request of `asked_by_id`. `version` counts every change to any of its messages;
    see rule 4. Who erases their account leaves the other with what they wrote themselves.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("lower_id", "higher_id"),
        CheckConstraint("state in ('requested', 'accepted', 'declined')", name="state"),
        Index("ix_conversations_higher_id", "higher_id"),
        Index("ix_conversations_asked_by_id_asked_at", "asked_by_id", "asked_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lower_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    higher_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(12), default=REQUESTED)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=0)
    last_number: Mapped[int] = mapped_column(default=0)
    last_message_at: Mapped[datetime]


class Participant(Base):
    """Somebody's side of a conversation, which the other does not see.

    Messages up to `cleared_number` are gone for them. `vanish_after_hours` is what they would like,
    and what happens when the other has chosen the same.
    """

    __tablename__ = "conversation_participants"

    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    read_number: Mapped[int] = mapped_column(default=0)
    cleared_number: Mapped[int] = mapped_column(default=0)
    muted: Mapped[bool] = mapped_column(default=False, server_default=false())
    left_at: Mapped[datetime | None]
    vanish_after_hours: Mapped[int] = mapped_column(default=0)
    draft_body: Mapped[str] = mapped_column(default="")
    draft_content_note: Mapped[str] = mapped_column(String(80), default="")


class PrivateMessage(Base):
    """What one of the two wrote: Markdown beside the HTML that it became.

    `number`, its place in the conversation, is also its id in addresses; `version` is the
    conversation's count at its last change.
    """

    __tablename__ = "private_messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "number"),
        UniqueConstraint("conversation_id", "version"),
        index_where(
            "ix_private_messages_author_id_idempotency_key",
            "author_id",
            "idempotency_key",
            unique=True,
            where="idempotency_key is not null",
        ),
        index_where(
            "ix_private_messages_vanishes_at", "vanishes_at", where="vanishes_at is not null"
        ),
        Index("ix_private_messages_author_id", "author_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    number: Mapped[int]
    version: Mapped[int]
    body: Mapped[str]
    html: Mapped[str]
    renderer: Mapped[int]
    content_note: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    vanishes_at: Mapped[datetime | None]
    idempotency_key: Mapped[str | None] = mapped_column(String(64))


class MessageReaction(Base):
    """A small kindness from one person to what the other wrote."""

    __tablename__ = "message_reactions"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("private_messages.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    created_at: Mapped[datetime]


class MessageRemoval(Base):
    """Somebody has deleted a message for themselves; the other still has it."""

    __tablename__ = "message_removals"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("private_messages.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class MessageOptOut(Base):
    """Somebody wants no new private conversations."""

    __tablename__ = "message_opt_outs"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[datetime]
