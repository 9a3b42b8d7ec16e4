"""Steps with the row of one account that all verbs of `service` share."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from forum.accounts.models import Account
from forum.core.errors import NotFound


def locked(session: Session, account_id: int) -> Account:
    """Return an account, which nobody else changes until the transaction ends. Raises NotFound."""
    found = session.get(Account, account_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def change(session: Session, account_id: int, **columns: object) -> None:
    """Set columns of an account. Raises NotFound."""
    changed = update(Account).where(Account.id == account_id).values(**columns)
    if session.execute(changed.returning(Account.id)).first() is None:
        raise NotFound
