"""Nobody is to facilitate a meeting: the group's team is asked, and members are told in time.

The team is told as long as cover is missing. Members who wanted to be reminded hear two hours
before that the room may stay closed, and that it opens after all when somebody takes it over.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, not_

from forum.accounts.policy import ViewerId, row_exists
from forum.core.db import this_moment
from forum.core.translation import lazy
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.meetings.events import CoverNeeded, MeetingCovered, MeetingUncovered
from forum.meetings.models import SCHEDULED, Meeting
from forum.meetings.schedule import facilitators, reminders
from forum.meetings.schedule import policy as schedule
from forum.notifications import meeting_rows
from forum.notifications.meeting_rows import STARTS
from forum.notifications.notification_choices import DUTIES

_OF_MEMBERS = ("meeting_uncovered", "meeting_covered")


def _team(event: CoverNeeded) -> Iterable[int]:
    return meeting_rows.others(facilitators.team_of_group(event.group_id), event.by_id)


def _reminded(event: MeetingUncovered | MeetingCovered) -> Iterable[int]:
    return reminders.accounts_to_remind(event.meeting_id)


def _needs_cover(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return row_exists(
        Meeting,
        Meeting.id == about_id,
        Meeting.cover_asked_at.is_not(None),
        Meeting.state == SCHEDULED,
        Meeting.starts_at > this_moment(),
        row_exists(Group, Group.id == Meeting.group_id, groups.moderates(account_id)),
    )


def _is_uncovered(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    told = Meeting.uncovered_told_at.is_not(None)
    return and_(
        row_exists(Meeting, Meeting.id == about_id, told, schedule.is_reminded(account_id)),
        meeting_rows.is_coming(about_id),
    )


def _is_covered(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    wants = row_exists(Meeting, Meeting.id == about_id, schedule.is_reminded(account_id))
    return and_(wants, not_(_is_uncovered(account_id, about_id)), meeting_rows.is_coming(about_id))


TYPES = (
    meeting_rows.meeting_type(
        "cover_needed",
        choice=DUTIES,
        text=lazy("Nobody can facilitate “%(title)s” yet. Can you?"),
        outside=lazy("A meeting in a group you moderate needs someone to facilitate it."),
        visible=_needs_cover,
        timely=_needs_cover,
        moments=STARTS,
        replaces=("cover_needed",),
        button=lazy("I'll facilitate"),
        button_address="/meetings/{id}/cover",
        sent_on={CoverNeeded: _team},
    ),
    meeting_rows.meeting_type(
        "meeting_uncovered",
        text=lazy("“%(title)s” may not take place: no facilitator can come yet"),
        outside=lazy("A meeting you asked to be reminded of may not take place."),
        timely=_is_uncovered,
        moments=STARTS,
        replaces=_OF_MEMBERS,
        sent_on={MeetingUncovered: _reminded},
    ),
    meeting_rows.meeting_type(
        "meeting_covered",
        text=lazy("“%(title)s” takes place: a facilitator has been found"),
        outside=lazy("A meeting you asked to be reminded of takes place after all."),
        timely=_is_covered,
        moments=STARTS,
        replaces=_OF_MEMBERS,
        sent_on={MeetingCovered: _reminded},
    ),
)
