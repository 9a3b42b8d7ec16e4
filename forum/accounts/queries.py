"""Reads about accounts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from forum.accounts.identity import handles
from forum.accounts.models import (
    BLOCKED_BY,
    Account,
    AccountRelationship,
    LoginSession,
    PasswordReset,
    RecoveryCode,
    RetiredHandle,
)
from forum.accounts.policy import Viewer, person_id
from forum.core import clock, ids, text
from forum.core.db import current_session
from forum.core.db.compiled_sql import CompiledStatement
from forum.core.errors import Gone
from forum.core.text.alphabets import letters
from forum.core.translation import _, catalogues, languages
from forum.core.web import paging
from forum.core.web.forms import edit_conflicts

SEEN_EVERY = timedelta(minutes=10)
_PERSON = (
    Account.id,
    Account.handle,
    Account.role,
    Account.invisible,
    Account.suspended_until,
    Account.suspension_reason,
    Account.public_id,
    Account.language,
)
_OF_SESSION = CompiledStatement(  # saves 14 % of a group's page
    select(*_PERSON, LoginSession.id.label("session_id"), LoginSession.seen_at)
    .join(LoginSession, LoginSession.account_id == Account.id)
    .where(LoginSession.token_digest == bindparam("digest"), LoginSession.ended_at.is_(None))
)


@dataclass(frozen=True)
class StoredPassword:
    """What a password is compared with."""

    id: int
    password_hash: str


@dataclass(frozen=True)
class ResetLink:
    """Whose password a mailed link would set."""

    account_id: int
    handle: str


@dataclass(frozen=True)
class OpenSession:
    """A session that goes on: whose it is, and whether `note_seen` is due."""

    viewer: Viewer
    unnoted: bool


def session_of(token: str) -> OpenSession | None:
    """Return the session that this token opens, or None when it has ended."""
    row = _OF_SESSION.first(digest=ids.digest(token))
    if row is None:
        return None
    facts = row._asdict()
    unnoted = facts.pop("seen_at") < clock.now() - SEEN_EVERY
    return OpenSession(Viewer(**facts), unnoted)


def are_there(count: int) -> bool:
    """Return whether there are at least so many accounts; no more than that are looked at."""
    found = current_session().execute(select(Account.id).where(Account.id > 0).limit(count)).all()
    return len(found) == count


def viewer_of_session(token: str) -> Viewer | None:
    """Return the person whose session this is, or None when it has ended."""
    found = session_of(token)
    return found.viewer if found else None


def viewer(account_id: int) -> Viewer | None:
    """Return somebody as a viewer, for doors that have no session: command line and importer."""
    row = current_session().execute(select(*_PERSON).where(Account.id == account_id)).one_or_none()
    return Viewer(**row._asdict()) if row else None


def language_of(account_id: int) -> str:
    """Return the language in which somebody is written to when they are not here."""
    found = current_session().scalar(select(Account.language).where(Account.id == account_id))
    return spoken_by(found or "")


def spoken_by(chosen: str) -> str:
    """Return in which language to write to somebody who has chosen this one, or "" for none."""
    return chosen if chosen and catalogues.has(chosen) else languages.default()


def account_id_of(handle: str) -> int | None:
    """Return the id of the account that this handle, or one that looks like it, belongs to."""
    key = handles.key_of(handle)
    return (
        current_session().scalar(select(Account.id).where(Account.handle_key == key))
        if key
        else None
    )


def public_id_of(handle: str) -> str | None:
    """Return the public id of the account that this handle, or a look-alike, belongs to."""
    key = handles.key_of(handle)
    found = select(Account.public_id).where(Account.handle_key == key)
    return current_session().scalar(found) if key else None


def account_id_of_exact(handle: str) -> int | None:
    """Return the id of the account with this handle itself, in capitals or small letters.

    For acts on somebody else: a look-alike that nobody may have here can name another person.
    """
    key = handles.key_of(handle)
    found = select(Account.id, Account.handle).where(Account.handle_key == key)
    row = current_session().execute(found).one_or_none() if key else None
    return row.id if row and handles.are_same(row.handle, handle) else None


def account_id_mentioned(name: str) -> int | None:
    """Return whom a name in a text means: its own account, or the longest that it begins with."""
    ids = (account_id_of_exact(one) for one in (name, *text.beginnings(name)))
    return next(filter(None, ids), None)


def longer_handles(session: Session, name: str) -> set[str]:
    """Return the longer handles (folded) that begin with a name in which words may run on."""
    if not any(map(letters.touches_other_words, name)):
        return set()
    longer = select(Account.handle).where(
        Account.handle.startswith(name, autoescape=True), Account.handle != name
    )
    return set(map(text.folded, session.scalars(longer)))


def accounts_ever_named(names: Collection[str]) -> list[tuple[str, int]]:
    """Return whose handle each of these names is, or was before they chose another."""
    keys = {name: handles.fold(name) for name in names}
    digests = {name: handles.digest(name) for name in names}
    rows = current_session().execute(
        select(Account.handle_key, Account.id)
        .where(Account.handle_key.in_(set(keys.values())))
        .union_all(
            select(RetiredHandle.digest, RetiredHandle.account_id).where(
                RetiredHandle.digest.in_(set(digests.values())),
                RetiredHandle.account_id.is_not(None),
            )
        )
    )
    whose = {row[0]: row[1] for row in rows}
    return [
        (name, whose[kept])
        for name in names
        for kept in (keys[name], digests[name])
        if kept in whose
    ]


def is_handle_taken(handle: str) -> bool:
    """Whether somebody has this handle or one that looks like it, or once had it."""
    taken = select(
        or_(
            exists().where(Account.handle_key == handles.fold(handle)),
            exists().where(Account.handle_skeleton == handles.skeleton(handle)),
            exists().where(RetiredHandle.digest.in_(handles.retired_digests(handle))),
        )
    )
    return bool(current_session().scalar(taken))


def stored_password_of(handle: str) -> StoredPassword | None:
    """Return what the password for this handle is compared with."""
    account_id = account_id_of(handle)
    kept = password_hash_of(account_id) if account_id else None
    return StoredPassword(account_id, kept) if account_id and kept else None


def password_hash_of(account_id: int) -> str | None:
    """Return the hash of somebody's password."""
    return current_session().scalar(select(Account.password_hash).where(Account.id == account_id))


def temporary_password_of(account_id: int) -> str | None:
    """Return the hash of a password that the operator has made, if it is one."""
    return current_session().scalar(
        select(Account.password_hash).where(Account.id == account_id, Account.password_is_temporary)
    )


def reset_of(token: str) -> ResetLink:
    """Return whose password this mailed link would set. Raises Gone."""
    row = (
        current_session()
        .execute(
            select(Account.id.label("account_id"), Account.handle)
            .join(PasswordReset, PasswordReset.account_id == Account.id)
            .where(
                PasswordReset.digest == ids.digest(token), PasswordReset.expires_at > clock.now()
            )
        )
        .one_or_none()
    )
    if row is None:
        raise Gone(
            _("This link has been used or is older than 30 minutes. You can ask for a new one.")
        )
    return ResetLink(**row._asdict())


def profile_version(mine: Any) -> str:
    """Return the version of what somebody says about themselves."""
    return edit_conflicts.version_of(mine.about, mine.invisible)


def own_account(viewer: Viewer) -> Any:
    """Return what one sees of one's own account; `codes` counts the recovery codes left."""
    left = (
        select(func.count()).select_from(RecoveryCode).where(RecoveryCode.account_id == Account.id)
    )
    return (
        current_session()
        .execute(
            select(
                Account.handle,
                Account.about,
                Account.invisible,
                Account.email,
                Account.created_at,
                Account.role,
                left.scalar_subquery().label("codes"),
            ).where(Account.id == person_id(viewer))
        )
        .one()
    )


def mutes_and_blocks_of(viewer: Viewer, page: int = 1) -> Sequence[Any]:
    """Return a page of whom one mutes or blocks: id, handle, kind."""
    return paging.page_of(_mutes_and_blocks(viewer), page)


def count_mutes_and_blocks(viewer: Viewer) -> int:
    """Return how many mutes and blocks one has set."""
    return paging.count(_mutes_and_blocks(viewer))


def _mutes_and_blocks(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    return (
        select(Account.id, Account.handle, AccountRelationship.kind)
        .join(AccountRelationship, AccountRelationship.other_id == Account.id)
        .where(
            AccountRelationship.viewer_id == person_id(viewer),
            AccountRelationship.kind != BLOCKED_BY,
        )
        .order_by(Account.handle_sort, Account.id, AccountRelationship.kind)
    )


def open_sessions(session_ids: Collection[int]) -> set[int]:
    """Return which of these sessions have not ended; those of erased people are none."""
    return set(
        current_session().scalars(
            select(LoginSession.id).where(
                LoginSession.id.in_(session_ids), LoginSession.ended_at.is_(None)
            )
        )
    )
