"""Somebody may be in danger: those on call are notified, never with anybody's words."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, select

from forum.accounts.policy import ViewerId
from forum.groups.models import Group
from forum.moderation.on_call import rota
from forum.moderation.queue import policy
from forum.moderation.queue.events import CrisisWaits
from forum.moderation.queue.models import QueueEntry
from forum.notifications import broadcasts
from forum.notifications.registry import NotificationType
from forum.notifications.titles import group_of


def _still_waits(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    item = (
        select(QueueEntry.id)
        .outerjoin(Group, Group.id == QueueEntry.group_id)
        .where(
            QueueEntry.id == about_id,
            QueueEntry.resolved_at.is_(None),
            policy.visible_to(account_id),
        )
        .correlate_except(QueueEntry, Group)
    )
    return item.exists()


def _on_call(event: CrisisWaits) -> Iterable[int]:
    """Those on duty, or all who may act while nobody is."""
    return rota.on_call(event.entry_id)


def _show(event: CrisisWaits) -> None:
    broadcasts.show_about(CRISIS_ALERT.name, event.entry_id)


CRISIS_ALERT = NotificationType(
    name="crisis",
    text="Somebody in {title} may be in danger",
    address="/moderation/queue/{id}",
    icon="life-buoy",
    title=group_of(QueueEntry),
    visible=_still_waits,
    about="entry_id",
    sent_on={CrisisWaits: _on_call},
    badge_on={CrisisWaits: _show},
)
