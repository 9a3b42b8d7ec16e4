"""Verbs of `service` that need or change a password, an email address or recovery codes.

What is hashed is hashed before the transaction begins. Each is noted in the security log.
"""

from functools import partial

from sqlalchemy import update
from sqlalchemy.orm import Session

from forum.accounts import account_rows, queries
from forum.accounts.identity import emails, verified_emails
from forum.accounts.lifecycle import suspensions
from forum.accounts.login import password_confirmation, passwords, security_log, sessions
from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.accounts.recovery import password_resets, recovery_codes
from forum.core.background import periodic
from forum.core.db import transaction
from forum.core.errors import Forbidden, Invalid
from forum.core.translation import _, lazy

WRONG_LOGIN = lazy("That username and password don't match. Check both, or use a recovery code.")
WRONG_CODE = lazy(
    "That username and code don't match, or the code has been used. "
    "Check both, or try another code."
)


class OwnPasswordNeeded(Forbidden):
    """A password that the operator has made was right; it only serves to choose one's own."""

    code = "own_password_needed"
    message = lazy("This password was made for you. Please choose your own to log in.")

    def __init__(self, token: str) -> None:
        """`token` opens the page on which to choose."""
        super().__init__()
        self.token = token


def log_in(handle: str, password: str, *, device: str = "") -> str:
    """Return the token of a new session. Raises Invalid with the same words whatever is wrong.

    Raises OwnPasswordNeeded for a password that the operator has made.
    """
    found = queries.stored_password_of(handle)
    if not passwords.matches(found.password_hash if found else None, password) or found is None:
        _log_refused_login(found.id if found else None, device)
        raise Invalid(WRONG_LOGIN, code="wrong_login")
    fresh = passwords.hashed(password) if passwords.needs_rehash(found.password_hash) else None
    with transaction() as session:
        unchanged = update(Account).where(
            Account.id == found.id, Account.password_hash == found.password_hash
        )
        logged_in = session.execute(
            unchanged.values(password_hash=fresh or found.password_hash).returning(
                Account.password_is_temporary
            )
        ).one_or_none()
        if logged_in is None:
            raise Invalid(WRONG_LOGIN, code="wrong_login")
        if not logged_in.password_is_temporary:
            security_log.log_login(session, found.id, device)
            return sessions.start(session, found.id, device)
        token = password_resets.make_for(session, found.id)
    raise OwnPasswordNeeded(token)


def change_password(viewer: Viewer, current: str, new: str) -> str:
    """Change one's password; all sessions end, and the token of a new one is returned."""
    account_id, before = password_confirmation.confirmed(viewer, current, "current")
    kept = passwords.hashed(passwords.checked(new, field="new", known=[viewer.handle]))
    with transaction() as session:
        _require_unchanged_password(session, account_id, before, "current")
        device = sessions.device_of(viewer)
        _set_password(session, account_id, kept)
        security_log.log_change(session, account_id, security_log.PASSWORD_CHANGED, device)
        return sessions.start(session, account_id, device)


def change_email(viewer: Viewer, email: str, password: str) -> None:
    """Change or, with an empty address, remove one's email address. Raises Invalid, Forbidden."""
    address = emails.checked(email)
    account_id, before = password_confirmation.confirmed(viewer, password, "password")
    with transaction() as session:
        _require_unchanged_password(session, account_id, before, "password")
        if address != account_rows.lock_account(session, account_id).email:
            suspensions.require_address_not_suspended(session, address, account_id)
            verified_emails.forget(session, account_id)
        password_resets.forget(session, account_id)
        account_rows.update_account(session, account_id, email=address)
        device = sessions.device_of(viewer)
        security_log.log_change(session, account_id, security_log.EMAIL_CHANGED, device)


def new_recovery_codes(viewer: Viewer, password: str) -> tuple[str, ...]:
    """Make the old recovery codes useless and return ten new ones. Raises Invalid."""
    account_id, before = password_confirmation.confirmed(viewer, password, "password")
    new = recovery_codes.make()
    with transaction() as session:
        _require_unchanged_password(session, account_id, before, "password")
        device = sessions.device_of(viewer)
        security_log.log_change(session, account_id, security_log.CODES_RENEWED, device)
        return recovery_codes.renew(session, account_id, new)


def give_recovery_codes(account_id: int) -> tuple[str, ...]:
    """Make new recovery codes for somebody whom the operator knows, and who has lost theirs."""
    new = recovery_codes.make()
    with transaction() as session:
        security_log.log_change(session, account_id, security_log.CODES_RENEWED)
        return recovery_codes.renew(session, account_id, new)


def recover(handle: str, code: str, new_password: str) -> int:
    """Set a new password with a recovery code, which is then used up; return the account's id.

    All sessions end. Raises Invalid with the same words for an unknown handle and a wrong code.
    """
    kept = passwords.hashed(passwords.checked(new_password, known=[handle]))
    account_id = queries.account_id_of(handle)
    # The look-up of a code that nobody has takes as long as that of a wrong one.
    possible = recovery_codes.digests(account_id, code)
    with transaction() as session:
        right = recovery_codes.use(session, account_id or 0, possible)
        if right and account_id is not None:
            _set_password(session, account_id, kept)
            security_log.log_change(session, account_id, security_log.PASSWORD_RESET)
            return account_id
    _log_refused_login(account_id, "")
    raise Invalid(fields={"code": WRONG_CODE}, code="wrong_code")


def request_password_reset(email: str) -> list[str]:
    """Return a token for each account with this address, to be mailed there and nowhere else."""
    with transaction() as session:
        return password_resets.make(session, email)


def reset_password(token: str, new_password: str) -> int:
    """Set a new password through a mailed link, used up by it; return the account's id.

    All sessions end. Raises Gone when the link is too old or was used, and Invalid.
    """
    known = queries.reset_of(token)
    _refuse_temporary(known.account_id, passwords.checked(new_password, known=[known.handle]))
    kept = passwords.hashed(new_password)
    with transaction() as session:
        account_id = password_resets.use(session, token)
        _set_password(session, account_id, kept)
        security_log.log_change(session, account_id, security_log.PASSWORD_RESET)
        return account_id


def _refuse_temporary(account_id: int, password: str) -> None:
    """Raise Invalid for the very password that the operator has made."""
    found = queries.temporary_password_of(account_id)
    if found and passwords.matches(found, password):
        raise Invalid(
            fields={"password": _("This is the password you were given. Choose another.")}
        )


def _log_refused_login(account_id: int | None, device: str) -> None:
    # The answer does not wait for it: its time must not tell whether there is such an account.
    if account_id is not None:
        periodic.soon(0, object(), partial(security_log.log_refused_login, account_id, device))


def _require_unchanged_password(session: Session, account_id: int, before: str, field: str) -> None:
    if account_rows.lock_account(session, account_id).password_hash != before:
        raise Invalid(fields={field: _("Your password was changed a moment ago. Use the new one.")})


def _set_password(session: Session, account_id: int, kept: str) -> None:
    account_rows.update_account(
        session, account_id, password_hash=kept, password_is_temporary=False
    )
    password_resets.forget(session, account_id)
    sessions.end(session, account_id)
