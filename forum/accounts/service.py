"""Every write to accounts and their sessions.

What argon2 does takes a tenth of a second, so it is done before the transaction begins.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forum.accounts import codes, confirming, emails, handles, passwords, queries, resets, sessions
from forum.accounts.closing import close, erase, retire
from forum.accounts.events import AccountCreated, HandleChanged
from forum.accounts.models import (
    ADMINISTRATOR,
    MEMBER,
    Account,
    LoginSession,
)
from forum.accounts.policy import Viewer, person_id
from forum.accounts.separating import block, mute, unblock, unmute
from forum.accounts.sessions import (
    end_all_sessions,
    end_other_sessions,
    end_session,
    forget_old_sessions,
    log_out,
    note_seen,
    open_session,
)
from forum.accounts.suspensions import (
    forget_ended,
    lift_of_erased,
    lift_suspension,
    require_none,
    suspend,
)
from forum.core import clock, text, versions
from forum.core.db import savepoint, transaction
from forum.core.errors import Invalid, NotFound
from forum.core.events import announce

# Verbs of this service that are written beside it.
__all__ = ["block", "close", "end_all_sessions", "end_other_sessions", "end_session", "erase",
           "forget_ended", "forget_old_sessions", "lift_of_erased", "lift_suspension", "log_out",
           "mute", "note_seen", "open_session", "suspend", "unblock", "unmute"]  # fmt: skip

ABOUT_MAX = 500
WRONG_LOGIN = "This handle and this password do not go together."
WRONG_CODE = "This handle and this code do not go together, or the code has been used."
NOT_ACCEPTED = (
    "Please read the guidelines. You can sign up if you are old enough for this forum, and will "
    "keep them."
)
TAKEN = "This handle, or one that looks like it, is taken or was once used by somebody else."


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
    Raises Forbidden for somebody whose suspension lasts; see `suspensions.require_none`.
    """
    wrong: dict[str, str] = {}
    _try(wrong, _free, handle)
    _try(wrong, passwords.checked, password, known=[handle, email])
    _try(wrong, emails.checked, email)
    if not accept_guidelines:
        wrong["accept_guidelines"] = NOT_ACCEPTED
    if wrong:
        raise Invalid(fields=wrong)
    address = emails.checked(email)
    with transaction() as session:
        require_none(session, address, has_been_used_here)
    kept = passwords.hashed(password)
    with transaction() as session:
        account = _add(session, handles.checked(handle), password_hash=kept, email=address)
        return NewAccount(account.id, codes.renew(session, account.id))


def create_account(
    handle: str,
    *,
    password: str | None = None,
    password_hash: str = passwords.UNUSABLE,
    role: str = MEMBER,
    at: datetime | None = None,
) -> int:
    """Make an account on the operator's behalf and return its id. Raises Invalid.

    Without a password nobody can log in to it; in a transaction it is given as `hash_password` has
    returned it. Administrators may have reserved handles, and the operator may let others claim a
    role in theirs.
    """
    if role not in {MEMBER, ADMINISTRATOR}:
        raise Invalid(fields={"role": "This can be member or administrator."})
    handle = handles.checked(handle, reserved=role == ADMINISTRATOR, roles=True)
    if password is not None:
        password_hash = hash_password(handle, password)
    with transaction() as session:
        return _add(session, handle, password_hash=password_hash, role=role, at=at).id


def hash_password(handle: str, password: str) -> str:
    """Return what is kept of a new password for an account with this handle. Raises Invalid."""
    return passwords.hashed(passwords.checked(password, known=[handle]))


def log_in(handle: str, password: str, *, device: str = "") -> str:
    """Return the token of a new session. Raises Invalid with the same words whatever is wrong."""
    found = queries.login_of(handle)
    if not passwords.matches(found.password_hash if found else None, password) or found is None:
        raise Invalid(WRONG_LOGIN, code="wrong_login")
    fresh = passwords.hashed(password) if passwords.outdated(found.password_hash) else None
    with transaction() as session:
        unchanged = update(Account).where(
            Account.id == found.id, Account.password_hash == found.password_hash
        )
        values = {"password_hash": fresh or found.password_hash}
        if session.execute(unchanged.values(values).returning(Account.id)).first() is None:
            raise Invalid(WRONG_LOGIN, code="wrong_login")
        return sessions.start(session, found.id, device)


def change_profile(
    viewer: Viewer, *, about: str, invisible: bool, shown: str | None = None
) -> None:
    """Change what one says about oneself, and whether others see when one is here.

    `shown` is the version of the profile that was changed. Raises Invalid, ChangedMeanwhile.
    """
    about = text.checked(about, "about", most=ABOUT_MAX, name="About me")
    with transaction() as session:
        mine = _locked(session, person_id(viewer))
        now = {"About me": mine.about, "Hidden": "yes" if mine.invisible else "no"}
        versions.require_same(shown, queries.profile_version(mine), now)
        _change(session, mine.id, about=about, invisible=invisible)


def change_handle(viewer: Viewer, handle: str) -> None:
    """Go by another handle; nobody gets the old one. Raises Invalid."""
    account_id, handle = person_id(viewer), handles.checked(handle)
    with transaction() as session:
        account = _locked(session, account_id)
        if account.handle == handle:
            return
        if account.handle_skeleton != handles.skeleton(handle):
            _free(handle)
            retire(session, account.handle)
        with _unless_taken():
            for column, value in handles.columns(handle).items():
                setattr(account, column, value)
            session.flush()
        announce(HandleChanged(account_id, clock.now()))


def change_password(viewer: Viewer, current: str, new: str) -> str:
    """Change one's password; all sessions end, and the token of a new one is returned."""
    account_id, before = confirming.confirmed(viewer, current, "current")
    kept = passwords.hashed(passwords.checked(new, field="new", known=[viewer.handle]))
    with transaction() as session:
        _still(session, account_id, before, "current")
        device = session.scalar(
            select(LoginSession.device).where(LoginSession.id == viewer.session_id)
        )
        _set_password(session, account_id, kept)
        return sessions.start(session, account_id, device or "")


def change_email(viewer: Viewer, email: str, password: str) -> None:
    """Change or, with an empty address, remove one's e-mail address. Raises Invalid."""
    address = emails.checked(email)
    account_id, before = confirming.confirmed(viewer, password, "password")
    with transaction() as session:
        _still(session, account_id, before, "password")
        resets.forget(session, account_id)
        _change(session, account_id, email=address)


def new_recovery_codes(viewer: Viewer, password: str) -> tuple[str, ...]:
    """Make the old recovery codes useless and return ten new ones. Raises Invalid."""
    account_id, before = confirming.confirmed(viewer, password, "password")
    with transaction() as session:
        _still(session, account_id, before, "password")
        return codes.renew(session, account_id)


def give_recovery_codes(account_id: int) -> tuple[str, ...]:
    """Make new recovery codes for somebody whom the operator knows, and who has lost theirs."""
    with transaction() as session:
        return codes.renew(session, account_id)


def recover(handle: str, code: str, new_password: str) -> int:
    """Set a new password with a recovery code, which is then used up; return the account's id.

    All sessions end. Raises Invalid with the same words for an unknown handle and a wrong code.
    """
    kept = passwords.hashed(passwords.checked(new_password, known=[handle]))
    with transaction() as session:
        account_id = queries.account_id_of(handle)
        # The look-up of a code that nobody has takes as long as that of a wrong one.
        if not codes.use(session, account_id or 0, code) or account_id is None:
            raise Invalid(fields={"code": WRONG_CODE}, code="wrong_code")
        _set_password(session, account_id, kept)
        return account_id


def ask_reset(email: str) -> list[str]:
    """Return a token for each account with this address, to be mailed there and nowhere else."""
    with transaction() as session:
        return resets.make(session, email)


def reset_password(token: str, new_password: str) -> int:
    """Set a new password through a mailed link, used up by it; return the account's id.

    All sessions end. Raises Gone when the link is too old or was used, and Invalid.
    """
    known = queries.reset_of(token)
    kept = passwords.hashed(passwords.checked(new_password, known=[known.handle]))
    with transaction() as session:
        account_id = resets.use(session, token)
        _set_password(session, account_id, kept)
        return account_id


def _add(
    session: Session, handle: str, *, at: datetime | None = None, **columns: str | None
) -> Account:
    _free(handle, reserved=True)
    account = Account(**handles.columns(handle), created_at=at or clock.now(), **columns)
    with _unless_taken():
        session.add(account)
        session.flush()
    announce(AccountCreated(account.id, account.created_at))
    return account


def _try(wrong: dict[str, str], check: Callable[..., object], *values: str, **more: object) -> None:
    try:
        check(*values, **more)
    except Invalid as refusal:
        wrong.update(refusal.fields)


def _free(handle: str, *, reserved: bool = False) -> None:
    if queries.handle_taken(handles.checked(handle, reserved=reserved)):
        raise Invalid(fields={"handle": TAKEN})


@contextmanager
def _unless_taken() -> Iterator[None]:
    try:
        with savepoint():
            yield
    except IntegrityError as twin:
        raise Invalid(fields={"handle": TAKEN}) from twin


def _locked(session: Session, account_id: int) -> Account:
    found = session.get(Account, account_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def _change(session: Session, account_id: int, **columns: object) -> None:
    changed = update(Account).where(Account.id == account_id).values(**columns)
    if session.execute(changed.returning(Account.id)).first() is None:
        raise NotFound


def _still(session: Session, account_id: int, before: str, field: str) -> None:
    if _locked(session, account_id).password_hash != before:
        raise Invalid(fields={field: "The password was changed a moment ago."})


def _set_password(session: Session, account_id: int, kept: str) -> None:
    _change(session, account_id, password_hash=kept)
    resets.forget(session, account_id)
    sessions.end(session, account_id)
