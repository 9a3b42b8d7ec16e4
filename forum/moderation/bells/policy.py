"""Which bells are due, and who is to hear of an item: asked as it rings, and as it is sent."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, literal, not_, or_, true

from forum.accounts import policy as accounts
from forum.accounts.policy import ViewerId, row_exists
from forum.core.db import UtcDateTime, this_moment
from forum.moderation.bells.bell_times import Bell
from forum.moderation.on_call import policy as on_call_policy
from forum.moderation.queue import post_triggers
from forum.moderation.queue_items import policy as items
from forum.moderation.queue_items.models import HANDED_OVER, QueueItem, QueueTransition
from forum.moderation.reports.models import Report

# What opened so far ahead had a clock that was wrong, and waits no longer for it.
AHEAD = timedelta(minutes=5)


def is_due(bell: Bell, now: datetime) -> ColumnElement[bool]:
    """Condition on QueueItem: it has waited long enough for this bell, and this has not rung."""
    opened = QueueItem.opened_at
    waited = or_(
        opened <= literal(now - bell.after, UtcDateTime), opened > literal(now + AHEAD, UtcDateTime)
    )
    return and_(
        QueueItem.kind == bell.kind,
        true() if bell.urgency is None else QueueItem.urgency == bell.urgency,
        QueueItem.rung_step < bell.step,
        true() if not bell.after else waited,
    )


def is_waiting() -> ColumnElement[bool]:
    """Condition on QueueItem: nobody has resolved or claimed it, and the facts have not either."""
    return and_(
        QueueItem.resolved_at.is_(None),
        or_(
            QueueItem.claimed_by_id.is_(None),
            QueueItem.claimed_at <= this_moment(-items.CLAIM_HOLDS),
        ),
        not_(post_triggers.is_settled()),
    )


def rings_for(account_id: ViewerId) -> ColumnElement[bool]:
    """Condition on QueueItem, left-joined with Group: it waits, and this person is to hear of it.

    Not who cannot handle it, rests, does not meet the person concerned, has passed it on, or has
    reported it.
    """
    reported = row_exists(Report, Report.item_id == QueueItem.id, Report.reporter_id == account_id)
    passed_on = row_exists(
        QueueTransition,
        QueueTransition.item_id == QueueItem.id,
        QueueTransition.transition == HANDED_OVER,
        QueueTransition.by_id == account_id,
    )
    return and_(
        is_waiting(),
        items.visible_to(account_id),
        not_(on_call_policy.rests(account_id)),
        not_(accounts.mutes_or_blocks(account_id, QueueItem.about_id)),
        not_(reported),
        not_(passed_on),
    )
