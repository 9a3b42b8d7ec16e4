"""Somebody may be in danger: those on call are notified, never with anybody's words."""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, select

from forum.accounts.policy import ViewerId
from forum.core.translation import lazy
from forum.groups.models import Group
from forum.moderation.crisis_calls.events import CrisisAcknowledged, PeopleCalled
from forum.moderation.queue_items import policy
from forum.moderation.queue_items.events import QueueItemChanged
from forum.moderation.queue_items.models import CLAIMED, QueueItem
from forum.notifications import service
from forum.notifications.notification_choices import ALARMS, CRISIS
from forum.notifications.outbox import service as outbox
from forum.notifications.registry import NotificationType
from forum.notifications.titles import group_of


def _still_waits(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    item = (
        select(QueueItem.id)
        .outerjoin(Group, Group.id == QueueItem.group_id)
        .where(
            QueueItem.id == about_id,
            QueueItem.resolved_at.is_(None),
            policy.visible_to(account_id),
        )
        .correlate_except(QueueItem, Group)
    )
    return item.exists()


def _call(event: PeopleCalled) -> None:
    """Notify people, whether or not they were notified or have read it.

    Each time it is a new line, which is the newest and unread, and is sent outside anew.
    """
    for account_id in event.account_ids:
        service.withdraw([CRISIS_ALERT.name], event.item_id, account_id)
    service.notify(CRISIS_ALERT, event.account_ids, event.item_id, event.at)


def _wake_nobody_else(event: CrisisAcknowledged | QueueItemChanged) -> None:
    """Send nothing more of what still waits: somebody is there, or has claimed it."""
    if isinstance(event, CrisisAcknowledged) or event.transition == CLAIMED:
        outbox.drop_about_row(CRISIS_ALERT.name, event.item_id)


CRISIS_ALERT = NotificationType(
    name="crisis",
    choice=ALARMS,
    urgency=CRISIS,
    text=lazy("Someone in %(title)s may be in danger"),
    outside=lazy("Someone may be in danger. Please look now."),
    address="/moderation/queue/{id}",
    icon="life-buoy",
    title=group_of(QueueItem),
    visible=_still_waits,
    about="item_id",
    outside_address="/moderation/queue/{id}/here",
    button=lazy("I'm here"),
    button_address="/moderation/queue/{id}/here",
    handled_on={
        PeopleCalled: _call,
        CrisisAcknowledged: _wake_nobody_else,
        QueueItemChanged: _wake_nobody_else,
    },
)
