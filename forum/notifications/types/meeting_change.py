"""A meeting has moved or is cancelled: who asked to be reminded of it, or of its series, is told.

Whoever asked for a series is told once of a change to many of its meetings.
"""

from collections.abc import Callable, Iterable
from typing import Any

from forum.core.translation import lazy
from forum.meetings.events import MeetingCancelled, MeetingMoved, SeriesCancelled, SeriesMoved
from forum.meetings.schedule import reminders
from forum.notifications import meeting_rows
from forum.notifications.meeting_rows import MOVES, STARTS
from forum.notifications.registry import Moments, NotificationType
from forum.notifications.types import meeting_reminder

_NAMES = (
    *meeting_reminder.NAMES,
    "meeting_moved",
    "meeting_cancelled",
    "series_moved",
    "series_cancelled",
)


def _of_one(event: MeetingMoved) -> Iterable[int]:
    return meeting_rows.others(reminders.accounts_for_one(event.meeting_id), event.by_id)


def _of_cancelled(event: MeetingCancelled) -> Iterable[int]:
    asked = reminders.accounts_for_one if event.in_series else reminders.accounts_to_remind
    return meeting_rows.others(asked(event.meeting_id), event.by_id)


def _of_series(event: SeriesMoved | SeriesCancelled) -> Iterable[int]:
    return meeting_rows.others(reminders.accounts_for_series(event.series_id), event.by_id)


def _type(
    name: str,
    event: type,
    recipients: Callable[[Any], Iterable[int]],
    moments: Moments,
    text: str,
    outside: str,
) -> NotificationType:
    return meeting_rows.meeting_type(
        name,
        text=text,
        outside=outside,
        moments=moments,
        replaces=_NAMES,
        sent_on={event: recipients},
    )


TYPES = (
    _type(
        "meeting_moved",
        MeetingMoved,
        _of_one,
        MOVES,
        lazy("“%(title)s” has moved to another time"),
        lazy("A meeting you asked to be reminded of has moved to another time."),
    ),
    _type(
        "meeting_cancelled",
        MeetingCancelled,
        _of_cancelled,
        STARTS,
        lazy("“%(title)s” was cancelled"),
        lazy("A meeting you asked to be reminded of was cancelled."),
    ),
    _type(
        "series_moved",
        SeriesMoved,
        _of_series,
        MOVES,
        lazy("“%(title)s” meets at other times from now on"),
        lazy("Meetings you always want to be reminded of have moved. This is the next one."),
    ),
    _type(
        "series_cancelled",
        SeriesCancelled,
        _of_series,
        STARTS,
        lazy("“%(title)s” no longer meets"),
        lazy(
            "Meetings you always want to be reminded of no longer take place, beginning with this."
        ),
    ),
)
