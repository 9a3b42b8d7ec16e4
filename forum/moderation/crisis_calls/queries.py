"""Reads about calls: who is there for which item, and whether anybody is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.models import Account
from forum.core.db import current_session
from forum.moderation.crisis_calls.models import (
    ADMINISTRATORS,
    CrisisAcknowledgement,
    CrisisCall,
)
from forum.moderation.queue_items.models import QueueItem

# Conditions: a step that is neither made nor needless by now.
STILL_TO_COME = (CrisisCall.called_at.is_(None), CrisisCall.ended_at.is_(None))


@dataclass(frozen=True)
class PersonThere:
    """Somebody who is there for an item, and since when."""

    account_id: int
    handle: str
    at: datetime


def people_there(item_ids: Collection[int]) -> dict[int, tuple[PersonThere, ...]]:
    """Return who is there for each of these items, by item; who was there first comes first."""
    if not item_ids:
        return {}
    row = CrisisAcknowledgement
    found = (
        select(row.item_id, Account.id, Account.handle, row.at)
        .join(Account, Account.id == row.account_id)
        .where(row.item_id.in_(item_ids), row.ended_at.is_(None))
        .order_by(row.id)
    )
    there: dict[int, tuple[PersonThere, ...]] = {}
    for item_id, account_id, handle, at in current_session().execute(found):
        there[item_id] = (*there.get(item_id, ()), PersonThere(account_id, handle, at))
    return there


def people_at(item_id: int) -> tuple[PersonThere, ...]:
    """Return who is there for an item."""
    return people_there([item_id]).get(item_id, ())


def is_there(people: Collection[PersonThere], account_id: int | None) -> bool:
    """Whether this account is among those who are there."""
    return any(one.account_id == account_id for one in people)


def still_calls(session: Session, item_id: int) -> bool:
    """Whether a step that calls more people to an item is still to come."""
    more = (CrisisCall.step <= ADMINISTRATORS, *STILL_TO_COME)
    found = select(CrisisCall.id).where(CrisisCall.item_id == item_id, *more).limit(1)
    return session.scalar(found) is not None


def is_attended(session: Session, item: QueueItem, since: datetime) -> bool:
    """Whether somebody has seen to an item since then: resolved it, claimed it, or is there."""
    if item.resolved_at is not None:
        return True
    if item.claimed_by_id is not None and item.claimed_at is not None and item.claimed_at > since:
        return True
    row = CrisisAcknowledgement
    there = select(row.id).where(row.item_id == item.id, row.ended_at.is_(None)).limit(1)
    return session.scalar(there) is not None
