"""Somebody may be in danger: those on call are notified, never with anybody's words."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, select

from forum.accounts.policy import ViewerId
from forum.core.translation import lazy
from forum.groups.models import Group
from forum.moderation.on_call import rota
from forum.moderation.queue_items import policy
from forum.moderation.queue_items.events import CrisisAlertRaised
from forum.moderation.queue_items.models import QueueItem
from forum.notifications import broadcasts
from forum.notifications.notification_choices import ALARMS, CRISIS
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


def _on_call(event: CrisisAlertRaised) -> Iterable[int]:
    """Those on duty, or all who may act while nobody is."""
    return rota.accounts_on_call(event.item_id)


def _show(event: CrisisAlertRaised) -> None:
    broadcasts.show_about(CRISIS_ALERT.name, event.item_id)


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
    sent_on={CrisisAlertRaised: _on_call},
    badge_on={CrisisAlertRaised: _show},
)
