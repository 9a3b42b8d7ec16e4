"""How people removed from a group are recognised: a new account does not end a removal.

A keyed digest of the person is kept apart from the account. A browser in which the account was used
knows that digest (`devices`), whatever the handle was; so a new account made there that tries to
join is removed as well. It is kept until a moderator lets them back; of an erased account, for as
long as a browser can know it. Addresses are not compared: anybody could give somebody else's, and
would learn from which groups that person was removed.
"""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from forum.accounts.events import AccountClosed
from forum.accounts.identity import public_ids
from forum.accounts.models import Account
from forum.accounts.policy import PERMANENT
from forum.core import clock
from forum.core.db import current_session, transaction
from forum.groups.models import GroupRemoval, RemovedIdentity

IDENTITIES_MAX = 5_000  # compared when somebody joins, which keeps others waiting
KNOWN_FOR = timedelta(days=365)  # as long as a browser keeps the cookie of `devices`


def remember(session: Session, group_id: int, account_id: int) -> None:
    """Keep what tells somebody again, within `transaction()`."""
    public_id = session.scalars(select(Account.public_id).where(Account.id == account_id)).one()
    session.add(
        RemovedIdentity(
            account_id=account_id,
            group_id=group_id,
            person_digest=public_ids.digest(public_id),
            until=PERMANENT,
        )
    )


def recognise(
    session: Session, group_id: int, account_id: int, has_been_used_here: Callable[[str], bool]
) -> bool:
    """Whether another account that was used in this browser is removed from the group.

    What is left of an erased account then belongs to this one, and ends when it is let back.
    """
    kept = (
        select(RemovedIdentity.id, RemovedIdentity.person_digest)
        .where(
            RemovedIdentity.group_id == group_id,
            RemovedIdentity.until > clock.now(),
            RemovedIdentity.account_id.is_distinct_from(account_id),
        )
        .order_by(RemovedIdentity.id.desc())
        .limit(IDENTITIES_MAX)
    )
    known = [mark.id for mark in session.execute(kept) if has_been_used_here(mark.person_digest)]
    if known:
        session.execute(
            update(RemovedIdentity)
            .where(RemovedIdentity.id.in_(known), RemovedIdentity.account_id.is_(None))
            .values(account_id=account_id, until=PERMANENT)
            .execution_options(synchronize_session="fetch")
        )
    return bool(known)


def forget(session: Session, group_id: int, account_id: int) -> None:
    """Delete what is kept of a person who is let back."""
    session.execute(
        delete(RemovedIdentity)
        .where(RemovedIdentity.account_id == account_id, RemovedIdentity.group_id == group_id)
        .execution_options(synchronize_session="fetch")
    )


def set_end(event: AccountClosed) -> None:
    """Set when the digests of an erased account are deleted."""
    current_session().execute(
        update(RemovedIdentity)
        .where(RemovedIdentity.account_id == event.account_id)
        .values(until=event.at + KNOWN_FOR)
        .execution_options(synchronize_session="fetch")
    )


def forget_ended() -> None:
    """Forget what no browser can know any longer."""
    with transaction() as session:
        session.execute(delete(RemovedIdentity).where(RemovedIdentity.until <= clock.now()))


def remember_missed() -> None:
    """Keep what tells those again who were removed before it was kept (migration 0051)."""
    marked = select(RemovedIdentity.id).where(
        RemovedIdentity.account_id == GroupRemoval.account_id,
        RemovedIdentity.group_id == GroupRemoval.group_id,
    )
    removals = select(GroupRemoval.group_id, GroupRemoval.account_id).where(~marked.exists())
    with transaction() as session:
        for group_id, account_id in session.execute(removals).all():
            remember(session, group_id, account_id)
