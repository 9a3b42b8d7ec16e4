"""A meeting is ahead, starts soon or is open now: who asked to be reminded of it is told.

What is asked again before sending: whether they still want to be reminded, and whether it has not
begun. That the room is open is told as long as it is.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_

from forum.accounts.policy import ViewerId, row_exists
from forum.core.translation import lazy
from forum.meetings.events import MeetingAhead, MeetingOpened, MeetingSoon
from forum.meetings.models import OPEN_STATES, Meeting
from forum.meetings.schedule import policy as schedule
from forum.meetings.schedule import reminders
from forum.notifications import meeting_rows
from forum.notifications.meeting_rows import STARTS
from forum.notifications.registry import NotificationType, Visible

NAMES = ("meeting_ahead", "meeting_soon", "meeting_open")


def _asked(event: MeetingAhead | MeetingSoon | MeetingOpened) -> Iterable[int]:
    found = reminders.accounts_to_remind(event.meeting_id)
    return meeting_rows.others(found, event.by_id) if isinstance(event, MeetingOpened) else found


def _is_wanted(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return row_exists(Meeting, Meeting.id == about_id, schedule.is_reminded(account_id))


def _before(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return and_(_is_wanted(account_id, about_id), meeting_rows.is_coming(about_id))


def _while_open(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    is_open = row_exists(Meeting, Meeting.id == about_id, Meeting.state.in_(OPEN_STATES))
    return and_(_is_wanted(account_id, about_id), is_open)


def _type(name: str, event: type, timely: Visible, text: str, outside: str) -> NotificationType:
    return meeting_rows.meeting_type(
        name,
        text=text,
        outside=outside,
        timely=timely,
        moments=STARTS,
        replaces=NAMES,
        sent_on={event: _asked},
    )


TYPES = (
    _type(
        "meeting_ahead",
        MeetingAhead,
        _before,
        lazy("Coming up: “%(title)s”"),
        lazy("A meeting you asked to be reminded of is coming up."),
    ),
    _type(
        "meeting_soon",
        MeetingSoon,
        _before,
        lazy("“%(title)s” starts soon"),
        lazy("A meeting you asked to be reminded of starts soon."),
    ),
    _type(
        "meeting_open",
        MeetingOpened,
        _while_open,
        lazy("The room of “%(title)s” is open"),
        lazy("The room of a meeting you asked to be reminded of is open. You can come in."),
    ),
)
