"""Every write to accounts and their sessions.

What argon2 does takes a tenth of a second, so it is done before the transaction begins.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forum.accounts import account_rows, queries
from forum.accounts.credentials import (
    change_email,
    change_password,
    give_recovery_codes,
    log_in,
    new_recovery_codes,
    recover,
    request_password_reset,
    reset_password,
)
from forum.accounts.events import AccountCreated, HandleChanged
from forum.accounts.identity import emails, handles
from forum.accounts.lifecycle.closure import close, erase, retire
from forum.accounts.lifecycle.suspensions import (
    forget_ended_suspensions,
    lift_suspension,
    lift_suspension_of_erased,
    remember_missed_identities,
    require_address_not_suspended,
    require_not_suspended,
    suspend,
)
from forum.accounts.login import passwords, security_log, sessions
from forum.accounts.login.sessions import (
    device_of,
    end_all_sessions,
    end_other_sessions,
    end_session,
    end_sessions_of_all,
    log_out,
    note_seen,
    open_session,
)
from forum.accounts.models import (
    ADMINISTRATOR,
    MEMBER,
    Account,
)
from forum.accounts.policy import Viewer, person_id
from forum.accounts.preferences.language import change_language
from forum.accounts.recovery import password_resets, recovery_codes
from forum.accounts.relationships.mutes_and_blocks import block, mute, unblock, unmute
from forum.core import clock, text, translation
from forum.core.db import savepoint, transaction
from forum.core.errors import Invalid
from forum.core.events import announce
from forum.core.translation import _, lazy
from forum.core.web.forms import edit_conflicts

# Verbs of this service that are written beside it.
__all__ = [
    "block",
    "change_email",
    "change_language",
    "change_password",
    "close",
    "end_all_sessions",
    "end_other_sessions",
    "end_session",
    "end_sessions_of_all",
    "erase",
    "forget_ended_suspensions",
    "give_recovery_codes",
    "lift_suspension",
    "lift_suspension_of_erased",
    "log_in",
    "log_out",
    "mute",
    "new_recovery_codes",
    "note_seen",
    "open_session",
    "recover",
    "remember_missed_identities",
    "request_password_reset",
    "reset_password",
    "suspend",
    "unblock",
    "unmute",
]

ABOUT_MAX = 500
NOT_ACCEPTED = lazy(
    "Read the guidelines and tick this box. To sign up, you need to be old enough and follow the "
    "guidelines. If you're too young, “Get help now” lists lines for young people."
)
TAKEN = lazy(
    "This username, or one that looks like it, is taken or was once used by someone else. "
    "Please choose another."
)


@dataclass(frozen=True)
class NewAccount:
    """An account that somebody has just made, with the codes that are shown this once."""

    account_id: int
    recovery_codes: tuple[str, ...]


def sign_up(
    handle: str,
    password: str,
    *,
    accept_guidelines: bool,
    email: str = "",
    has_been_used_here: Callable[[str], bool] = lambda _: False,
) -> NewAccount:
    """Make an account for somebody. Raises Invalid, naming every field that is wrong.

    `accept_guidelines` also says that they have the forum's minimum age; no birth date is kept.
    Raises Forbidden for somebody whose suspension lasts; see `suspensions`.
    """
    wrong: dict[str, str] = {}
    _collect_errors(wrong, _require_free, handle)
    _collect_errors(wrong, passwords.checked, password, known=[handle, email])
    _collect_errors(wrong, emails.checked, email)
    if not accept_guidelines:
        wrong["accept_guidelines"] = NOT_ACCEPTED
    if wrong:
        raise Invalid(fields=wrong)
    address = emails.checked(email)
    with transaction() as session:
        require_not_suspended(session, has_been_used_here)
        require_address_not_suspended(session, address)
    kept, new = passwords.hashed(password), recovery_codes.make()
    with transaction() as session:
        account = _add(
            session,
            handles.checked(handle),
            password_hash=kept,
            email=address,
            language=translation.current(),
        )
        return NewAccount(account.id, recovery_codes.renew(session, account.id, new))


def create_account(
    handle: str,
    *,
    password: str | None = None,
    password_hash: str = passwords.UNUSABLE,
    is_temporary: bool = False,
    role: str = MEMBER,
    at: datetime | None = None,
) -> int:
    """Make an account on the operator's behalf and return its id. Raises Invalid.

    Without a password nobody can log in to it; in a transaction it is given as `hash_password` has
    returned it. One that `is_temporary` serves to choose an own one at the first login, and nothing
    else. Administrators may have reserved handles, and the operator may let others claim a
    role in theirs.
    """
    if role not in {MEMBER, ADMINISTRATOR}:
        raise Invalid(fields={"role": _("Choose member or administrator.")})
    handle = handles.checked(handle, reserved=role == ADMINISTRATOR, roles=True)
    if password is not None:
        password_hash = hash_password(handle, password)
    with transaction() as session:
        return _add(
            session,
            handle,
            at=at,
            password_hash=password_hash,
            role=role,
            password_is_temporary=is_temporary,
        ).id


def hash_password(handle: str, password: str) -> str:
    """Return the hash of a new password for an account with this handle. Raises Invalid."""
    return passwords.hashed(passwords.checked(password, known=[handle]))


def forget_old_sessions() -> None:
    """Delete sessions, security events and mailed links that are over."""
    sessions.forget_old()
    with transaction() as session:
        password_resets.forget_old(session)


def change_profile(
    viewer: Viewer, *, about: str, invisible: bool, shown: str | None = None
) -> None:
    """Change what one says about oneself, and whether others see when one is here.

    `shown` is the version of the profile that was changed. Raises Invalid, EditConflict.
    """
    about = text.checked(about, "about", most=ABOUT_MAX, name=_("About me"))
    with transaction() as session:
        mine = account_rows.lock_account(session, person_id(viewer))
        now = {_("About me"): mine.about} if mine.about != about else {}
        if mine.invisible != invisible:
            now[_("Don't show others when I'm online")] = _("yes") if mine.invisible else _("no")
        edit_conflicts.require_unchanged(shown, queries.profile_version(mine), now)
        account_rows.update_account(session, mine.id, about=about, invisible=invisible)


def change_handle(viewer: Viewer, handle: str) -> None:
    """Go by another handle; nobody gets the old one. Raises Invalid."""
    account_id, handle = person_id(viewer), handles.checked(handle)
    with transaction() as session:
        account = account_rows.lock_account(session, account_id)
        if account.handle == handle:
            return
        if account.handle_skeleton != handles.skeleton(handle):
            account_rows.reserve_handle(session, handle)
            _require_free(handle)
        if account.handle_key != handles.fold(handle):
            retire(session, account_id, account.handle)
        with _unless_taken():
            for column, value in handles.columns(handle).items():
                setattr(account, column, value)
            session.flush()
        announce(HandleChanged(account_id, clock.now()))
        device = device_of(viewer)
        security_log.log_change(session, account_id, security_log.HANDLE_CHANGED, device)


def _add(
    session: Session, handle: str, *, at: datetime | None = None, **columns: object
) -> Account:
    account_rows.reserve_handle(session, handle)
    _require_free(handle, reserved=True)
    account = Account(
        id=account_rows.number(session),
        created_at=at or clock.now(),
        **handles.columns(handle),
        **columns,
    )
    with _unless_taken():
        session.add(account)
        session.flush()
    announce(AccountCreated(account.id, account.created_at))
    return account


def _collect_errors(
    wrong: dict[str, str], check: Callable[..., object], *values: str, **more: object
) -> None:
    try:
        check(*values, **more)
    except Invalid as refusal:
        wrong.update(refusal.fields)


def _require_free(handle: str, *, reserved: bool = False) -> None:
    if queries.is_handle_taken(handles.checked(handle, reserved=reserved)):
        raise Invalid(fields={"handle": TAKEN})


@contextmanager
def _unless_taken() -> Iterator[None]:
    try:
        with savepoint():
            yield
    except IntegrityError as twin:
        raise Invalid(fields={"handle": TAKEN}) from twin
