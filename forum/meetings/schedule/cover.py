"""Cover for a meeting: saying that one can't come, taking it over, and telling whom it concerns.

A meeting has cover while somebody is to facilitate it who may. People also leave the group or lose
their role, so `check_due` looks at each meeting of the coming week.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

# Both databases understand this dialect's ON CONFLICT; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core import clock
from forum.core.cooperative_yielding import in_turns
from forum.core.db import current_session, transaction
from forum.core.errors import Conflict, NotFound
from forum.core.events import announce
from forum.core.translation import _
from forum.groups import queries as group_queries
from forum.groups.models import Group
from forum.meetings.events import CoverNeeded, MeetingCovered, MeetingUncovered
from forum.meetings.models import SCHEDULED, Meeting
from forum.meetings.schedule import facilitators, policy, queries
from forum.meetings.schedule.models import MeetingFacilitator

LOOKS_AHEAD = timedelta(days=7)
MEMBERS_TOLD_BEFORE = timedelta(hours=2)


def say_absent(viewer: Viewer, meeting_id: int) -> bool:
    """Say that one can't come to facilitate a meeting; return whether somebody else does.

    Harmless when it was said before. Raises LoginNeeded, NotFound, Forbidden, and Conflict for a
    meeting that has begun, or that one isn't to facilitate.
    """
    account_id = member_id(viewer)
    with transaction() as session:
        meeting = _lock(session, viewer, meeting_id)
        said = session.get(MeetingFacilitator, (meeting_id, account_id))
        is_new = said is None or said.comes
        if is_new and not facilitators.is_facilitator(account_id, meeting_id):
            raise Conflict(_("You aren't down to facilitate this meeting."), code="not_facilitator")
        _say(session, meeting_id, account_id, comes=False)
        return _settle(meeting, account_id if is_new else None)


def take_cover(viewer: Viewer, meeting_id: int) -> None:
    """Take a meeting over, or come after all; harmless for who is to facilitate it already.

    Raises LoginNeeded, NotFound, Forbidden, and Conflict for a meeting that has begun.
    """
    account_id = member_id(viewer)
    with transaction() as session:
        meeting = _lock(session, viewer, meeting_id)
        if not facilitators.is_facilitator(account_id, meeting_id):
            _say(session, meeting_id, account_id, comes=True)
        _settle(meeting)


def check_due() -> None:
    """Ask for cover for meetings of the coming week, and tell members two hours before."""
    now = clock.now()
    soon = (
        select(
            Meeting.id,
            Meeting.starts_at,
            Meeting.cover_asked_at,
            Meeting.uncovered_told_at,
            policy.is_covered().label("covered"),
        )
        .join(Group, Group.id == Meeting.group_id)
        .where(
            Meeting.state == SCHEDULED,
            Meeting.series_id.is_not(None),
            Meeting.starts_at > now,
            Meeting.starts_at <= now + LOOKS_AHEAD,
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    for row in in_turns(current_session().execute(soon).all()):
        if _has_changed(row, now):
            with transaction() as session:
                meeting = session.get(Meeting, row.id, with_for_update=True, populate_existing=True)
                if meeting and meeting.state == SCHEDULED and meeting.starts_at > clock.now():
                    _settle(meeting)


def _has_changed(row: Any, now: datetime) -> bool:
    if row.covered:
        return bool(row.cover_asked_at or row.uncovered_told_at)
    is_close = row.starts_at <= now + MEMBERS_TOLD_BEFORE
    return row.cover_asked_at is None or (is_close and row.uncovered_told_at is None)


def _settle(meeting: Meeting, absent_id: int | None = None) -> bool:
    """Note whether a locked meeting has cover, and announce what is new; return whether it has."""
    current_session().flush()
    now = clock.now()
    if facilitators.is_covered(meeting.id):
        if meeting.uncovered_told_at:
            announce(MeetingCovered(meeting.id, meeting.group_id, now))
        meeting.cover_asked_at = meeting.uncovered_told_at = None
        return True
    if meeting.cover_asked_at is None or absent_id:
        meeting.cover_asked_at = now
        announce(CoverNeeded(meeting.id, meeting.group_id, absent_id, now))
    if meeting.uncovered_told_at is None and meeting.starts_at <= now + MEMBERS_TOLD_BEFORE:
        meeting.uncovered_told_at = now
        announce(MeetingUncovered(meeting.id, meeting.group_id, now))
    return False


def _lock(session: Session, viewer: Viewer, meeting_id: int) -> Meeting:
    found = queries.meeting_for(viewer, meeting_id)
    queries.require_planner(group_queries.group_by_id(viewer, found.group_id))
    meeting = session.get(Meeting, meeting_id, with_for_update=True, populate_existing=True)
    if meeting is None:
        raise NotFound
    if meeting.state != SCHEDULED or meeting.starts_at <= clock.now():
        raise Conflict(_("This meeting has started, ended or been cancelled."))
    return meeting


def _say(session: Session, meeting_id: int, account_id: int, *, comes: bool) -> None:
    said = insert(MeetingFacilitator).values(
        meeting_id=meeting_id, account_id=account_id, comes=comes, said_at=clock.now()
    )
    session.execute(
        said.on_conflict_do_update(
            index_elements=["meeting_id", "account_id"],
            set_={"comes": said.excluded.comes, "said_at": said.excluded.said_at},
        )
    )
