"""Steps with the row of one account that all verbs of `service` share."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from forum.accounts.identity import handles
from forum.accounts.models import Account, LastErasedNumber
from forum.core.errors import NotFound


def lock_account(session: Session, account_id: int) -> Account:
    """Return an account, which nobody else changes until the transaction ends. Raises NotFound."""
    found = session.get(Account, account_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def reserve_handle(session: Session, handle: str) -> None:
    """Let nobody else take a handle that looks like this one until the transaction ends.

    Older accounts may look alike, so no unique index can see to that. SQLite has one writer at a
    time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        key = func.hashtextextended(f"handle {handles.skeleton(handle)}", 0)
        session.execute(select(func.pg_advisory_xact_lock(key)))


def update_account(session: Session, account_id: int, **columns: object) -> None:
    """Set columns of an account. Raises NotFound."""
    changed = update(Account).where(Account.id == account_id).values(**columns)
    if session.execute(changed.returning(Account.id)).first() is None:
        raise NotFound


def number(session: Session) -> int | None:
    """Return the number of a new account where the database might give an erased one's again.

    SQLite gives the newest account's number once more after it was deleted. Caches, open pages and
    records of who gave which role know people by it, and would take the new person for the old.
    """
    erased = session.scalar(select(LastErasedNumber.number))
    if erased is None or session.get_bind().dialect.name != "sqlite":
        return None
    newest = session.scalar(select(func.max(Account.id))) or 0
    return erased + 1 if erased > newest else None


def note_erased(session: Session, account_id: int) -> None:
    """Keep the highest number that was erased."""
    last = session.scalar(select(LastErasedNumber.number))
    if last is None:
        session.add(LastErasedNumber(number=account_id))
    elif account_id > last:
        session.execute(update(LastErasedNumber).values(number=account_id))
    session.flush()
