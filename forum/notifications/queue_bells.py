"""Notifications of items that wait in the queue: each type is one bell of `moderation/bells`.

A line shows, and is sent, only while its item waits and concerns its reader. Where much waits, it
is sent outside once an hour; the list has a line for each.
"""

from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, select

from forum.accounts.policy import ViewerId
from forum.core.db import current_session
from forum.groups.models import Group
from forum.moderation.bells import policy
from forum.moderation.bells.bell_times import BELLS
from forum.moderation.bells.events import BellRung
from forum.moderation.queue_items.events import QueueItemChanged
from forum.moderation.queue_items.models import QueueItem
from forum.notifications import broadcasts, service
from forum.notifications.models import Notification
from forum.notifications.notification_choices import DUTIES, ORDINARY
from forum.notifications.registry import NotificationType, named
from forum.notifications.titles import group_of

SENT_ONCE_IN = timedelta(hours=1)


def bell(
    name: str, text: str, outside: str, *, icon: str = "shield-check", urgency: int = ORDINARY
) -> NotificationType:
    """Return the type of a bell; `text` may hold the name of the group as %(title)s."""
    return NotificationType(
        name=name,
        choice=DUTIES,
        urgency=urgency,
        text=text,
        outside=outside,
        address="/moderation/queue/{id}",
        icon=icon,
        title=group_of(QueueItem),
        visible=_still_rings,
        about="item_id",
        handled_on={BellRung: partial(_ring, name)},
    )


def show_told(event: QueueItemChanged) -> None:
    """Show people who were told of an item what is unread now."""
    names = {one.name for one in BELLS}
    told = select(Notification.account_id).where(
        Notification.about_id == event.item_id, Notification.type.in_(names)
    )
    broadcasts.show_to(current_session().scalars(told).all())


def _still_rings(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    item = (
        select(QueueItem.id)
        .outerjoin(Group, Group.id == QueueItem.group_id)
        .where(QueueItem.id == about_id, policy.rings_for(account_id))
        .correlate_except(QueueItem, Group)
    )
    return item.exists()


def _ring(name: str, event: BellRung) -> None:
    if event.bell == name:
        one, told = named(name), _told_lately(name, event)
        new = [account_id for account_id in event.account_ids if account_id not in told]
        service.notify(one, new, event.item_id, event.at)
        service.notify(one, told, event.item_id, event.at, outside=False)


def _told_lately(name: str, event: BellRung) -> set[int]:
    """Return who was told within the hour of another such item, which still waits for them."""
    lately = select(Notification.account_id).where(
        Notification.account_id.in_(event.account_ids),
        Notification.type == name,
        Notification.read_at.is_(None),
        Notification.created_at > event.at - SENT_ONCE_IN,
        Notification.created_at <= event.at,
        _still_rings(Notification.account_id, Notification.about_id),
    )
    return set(current_session().scalars(lately))
