"""Closing an account for good, and deleting it: verbs of `service`, which passes them on."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from forum.accounts import account_rows
from forum.accounts.events import AccountClosed
from forum.accounts.former_member import FORMER_MEMBER
from forum.accounts.identity import handles
from forum.accounts.lifecycle import suspensions
from forum.accounts.login import passwords, sessions
from forum.accounts.models import MEMBER, Account, PasswordReset, RecoveryCode, RetiredHandle
from forum.core import clock
from forum.core.db import transaction
from forum.core.errors import NotFound
from forum.core.events import announce


def close(account_id: int) -> str:
    """Let nobody log in to an account or find it any longer; return the handle that it had.

    Its handle is never given again, and wherever its name is shown, it is "a former member" from
    now on. Raises NotFound, also for an account that is closed already.
    """
    with transaction() as session:
        account = session.get(Account, account_id, with_for_update=True, populate_existing=True)
        if account is None or account.handle_key == _closed(account_id):
            raise NotFound
        handle = account.handle
        sessions.end(session, account_id)
        suspensions.remember_identity(session, account)
        _delete_credentials(session, account_id)
        retire(session, account_id, handle)
        account.handle = FORMER_MEMBER
        account.handle_key = account.handle_skeleton = account.handle_sort = _closed(account_id)
        account.password_hash, account.email = passwords.UNUSABLE, None
        account.role, account.invisible = MEMBER, True
        account.about = account.suspension_reason = ""
        announce(AccountClosed(account_id, clock.now()))
        return handle


def erase(account_id: int) -> None:
    """Delete an account with all that is only its own; close it before, if it is not closed.

    Raises NotFound. What other slices hold is erased before.
    """
    with transaction() as session:
        account = session.get(Account, account_id, with_for_update=True, populate_existing=True)
        if account is None:
            raise NotFound
        if account.handle_key != _closed(account_id):
            close(account_id)
            session.flush()
        session.execute(delete(Account).where(Account.id == account_id))
        account_rows.note_erased(session, account_id)


def retire(session: Session, account_id: int, handle: str) -> None:
    """Let nobody have somebody's handle, or one that looks like it, ever again."""
    for digest in handles.retired_digests(handle):
        session.merge(RetiredHandle(digest=digest, account_id=account_id))


def _closed(account_id: int) -> str:
    """Return the key of a closed account; no handle has a space, so nobody can ask for it."""
    return f"closed {account_id}"


def _delete_credentials(session: Session, account_id: int) -> None:
    for table in (RecoveryCode, PasswordReset):
        session.execute(delete(table).where(table.account_id == account_id))
