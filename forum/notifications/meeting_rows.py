"""What types of notification about meetings share: the row of a meeting, and who may know of it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, null, select, type_coerce

from forum.accounts.policy import ViewerId, row_exists
from forum.core.db import UtcDateTime, this_moment
from forum.groups.models import Group
from forum.meetings import policy
from forum.meetings.models import DOORS_OPEN, SCHEDULED, Meeting
from forum.notifications.notification_choices import DIRECT, MEETINGS
from forum.notifications.registry import Moments, NotificationType


def meeting_type(name: str, **particular: Any) -> NotificationType:
    """Return a notification type about a meeting, with what is particular to it."""
    usual: dict[str, Any] = {
        "choice": MEETINGS,
        "urgency": DIRECT,
        "address": "/meetings/{id}",
        "icon": "users",
        "title": title,
        "visible": is_visible,
        "deadline": starts_at,
        "about": "meeting_id",
    }
    return NotificationType(name=name, **(usual | particular))


def title(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    """What the meeting is called."""
    return _of(Meeting.title, about_id)


def starts_at(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    """When it begins."""
    return _of(Meeting.starts_at, about_id)


def is_visible(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Condition: this account may know of the meeting."""
    its_group = row_exists(Group, Group.id == Meeting.group_id, policy.visible_to(account_id))
    return row_exists(Meeting, Meeting.id == about_id, its_group)


def is_coming(about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Condition: it is to take place, and has not begun."""
    return row_exists(
        Meeting,
        Meeting.id == about_id,
        Meeting.state.in_((SCHEDULED, DOORS_OPEN)),
        Meeting.starts_at > this_moment(),
    )


def others(account_ids: Iterable[int], by_id: int | None) -> list[int]:
    """Return these without the one who did it."""
    return [account_id for account_id in account_ids if account_id != by_id]


def _of(column: Any, about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return select(column).where(Meeting.id == about_id).correlate_except(Meeting).scalar_subquery()


def _zone(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return _of(Meeting.zone, about_id)


def _moved_from(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return _of(Meeting.moved_from, about_id)


def _never(_about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return type_coerce(null(), UtcDateTime())


STARTS = Moments(at=starts_at, before=_never, zone=_zone)
MOVES = Moments(at=starts_at, before=_moved_from, zone=_zone)
