"""A meeting is near, has moved or is cancelled: members who asked to be reminded are notified."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, select

from forum.accounts.policy import ViewerId, row_exists
from forum.core.db import this_moment
from forum.core.translation import lazy
from forum.groups.models import Group
from forum.meetings import policy
from forum.meetings.events import MeetingCancelled, MeetingMoved, MeetingSoon
from forum.meetings.models import Meeting
from forum.meetings.schedule import reminders
from forum.notifications import broadcasts
from forum.notifications.notification_choices import DIRECT, MEETINGS
from forum.notifications.registry import NotificationType, Timely

_NAMES = ("meeting_soon", "meeting_moved", "meeting_cancelled")


def _title(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return select(Meeting.title).where(Meeting.id == about_id).scalar_subquery()


def _is_visible(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    its_group = row_exists(Group, Group.id == Meeting.group_id, policy.visible_to(account_id))
    return row_exists(Meeting, Meeting.id == about_id, its_group)


def _is_coming(about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return row_exists(Meeting, Meeting.id == about_id, Meeting.starts_at > this_moment())


def _reminded(event: MeetingSoon | MeetingMoved | MeetingCancelled) -> Iterable[int]:
    return reminders.accounts_to_remind(event.meeting_id)


def _show(event: MeetingSoon | MeetingMoved | MeetingCancelled) -> None:
    broadcasts.show_to(reminders.accounts_to_remind(event.meeting_id))


def _type(
    name: str, event: type, text: str, outside: str, timely: Timely | None = None
) -> NotificationType:
    return NotificationType(
        name=name,
        choice=MEETINGS,
        urgency=DIRECT,
        text=text,
        outside=outside,
        address="/meetings/{id}",
        icon="users",
        title=_title,
        visible=_is_visible,
        timely=timely,
        about="meeting_id",
        replaces=_NAMES,
        sent_on={event: _reminded},
        badge_on={event: _show},
    )


TYPES = (
    _type(
        "meeting_soon",
        MeetingSoon,
        lazy("“%(title)s” starts soon"),
        lazy("A meeting you asked to be reminded of starts soon."),
        _is_coming,
    ),
    _type(
        "meeting_moved",
        MeetingMoved,
        lazy("“%(title)s” has moved to another time"),
        lazy("A meeting you asked to be reminded of has moved to another time."),
    ),
    _type(
        "meeting_cancelled",
        MeetingCancelled,
        lazy("“%(title)s” was cancelled"),
        lazy("A meeting you asked to be reminded of was cancelled."),
    ),
)
