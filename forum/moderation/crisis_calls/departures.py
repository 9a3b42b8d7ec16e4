"""People who were there for somebody in danger, and can be no longer.

They were suspended, have left, or no longer moderate the group. Nobody else is called while they
are counted on.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, not_, or_, select, update
from sqlalchemy.orm import Session

from forum.accounts.policy import ViewerId
from forum.core.db import current_session
from forum.groups.models import Group
from forum.moderation.crisis_calls.models import CrisisAcknowledgement
from forum.moderation.queue_items import policy
from forum.moderation.queue_items.models import QueueItem

_THERE = CrisisAcknowledgement
_IS_OPEN = (QueueItem.urgency == policy.CRISIS, QueueItem.resolved_at.is_(None))


def _gone(account_id: ViewerId) -> ColumnElement[bool]:
    """Condition on QueueItem, left-joined with Group: nobody, or nobody who may handle it."""
    return or_(account_id.is_(None), not_(policy.visible_to(account_id)))


_CLAIM_IS_EMPTY = and_(QueueItem.claimed_at.is_not(None), _gone(QueueItem.claimed_by_id))
_EMPTY = (
    select(_THERE.id)
    .join(QueueItem, QueueItem.id == _THERE.item_id)
    .outerjoin(Group, Group.id == QueueItem.group_id)
    .where(_THERE.ended_at.is_(None), _gone(_THERE.account_id), *_IS_OPEN)
)


def items_left() -> list[int]:
    """Return the open items for which somebody was there or has claimed who can help no longer."""
    of_claims = select(QueueItem.id).outerjoin(Group, Group.id == QueueItem.group_id)
    left = _EMPTY.with_only_columns(QueueItem.id).union(of_claims.where(_CLAIM_IS_EMPTY, *_IS_OPEN))
    return sorted(current_session().scalars(left))


def claim_is_empty(session: Session, item_id: int) -> bool:
    """Whether an item is claimed by somebody who can help no longer."""
    its = select(QueueItem.id).outerjoin(Group, Group.id == QueueItem.group_id)
    return session.scalar(its.where(QueueItem.id == item_id, _CLAIM_IS_EMPTY)) is not None


def end_empty_acknowledgements(session: Session, item_id: int, at: datetime) -> None:
    """Count no longer on those who said that they were there for an item and can help no longer."""
    end_acknowledgements(session, item_id, at, _THERE.id.in_(_EMPTY))


def end_acknowledgements(
    session: Session, item_id: int, at: datetime, *which: ColumnElement[bool]
) -> None:
    """Note that people are there for an item no longer; all, or those of whom this is true."""
    gone = update(_THERE).where(_THERE.item_id == item_id, _THERE.ended_at.is_(None), *which)
    session.execute(gone.values(ended_at=at).execution_options(synchronize_session=False))
