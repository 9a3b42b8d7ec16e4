"""The rows of a series' meetings: made ahead, and following when the series is changed.

All of it belongs inside `transaction()`, with the series locked.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.events import announce
from forum.meetings.events import (
    MeetingCancelled,
    MeetingMoved,
    MeetingStateChanged,
    SeriesCancelled,
    SeriesMoved,
)
from forum.meetings.models import CANCELLED, SCHEDULED, Meeting, Series
from forum.meetings.schedule import recurrence, reminder_times
from forum.meetings.schedule.models import Reminder, SeriesReminder

CREATED_AHEAD = timedelta(weeks=8)
CREATED_AHEAD_MAX = 60
MOVED_AT_MOST = timedelta(days=6)
Start: TypeAlias = tuple[datetime, datetime]


def create_occurrences(session: Session, series: Series) -> None:
    """Make the meetings of the coming weeks that are not there yet."""
    taken = _days_taken(session, series)
    for wall, at in _upcoming_starts(series):
        if wall.date() not in taken:
            session.add(
                Meeting(
                    series_id=series.id,
                    group_id=series.group_id,
                    by_id=series.by_id,
                    starts_at=at,
                    **_details(series, at),
                )
            )


def update_occurrences(session: Session, series: Series, by_id: int) -> None:
    """Bring the meetings to come where a changed series has them."""
    meetings = lock_upcoming(session, series.id)
    settled = _days_taken(session, series, Meeting.id.not_in([one.id for one in meetings]))
    starts = [start for start in _upcoming_starts(series) if start[0].date() not in settled]
    pairs = _pair_with_starts(meetings, starts, series.zone)
    # No meeting is in another's way: one that is at a new start already is paired with it.
    changed = False
    for meeting in meetings:
        if meeting.id in pairs:
            changed |= _move(meeting, series, pairs[meeting.id], by_id)
        else:
            _cancel_or_delete(session, meeting, by_id)
            changed = True
    session.flush()
    create_occurrences(session, series)
    session.flush()
    coming = lock_upcoming(session, series.id)
    if changed and coming:
        announce(SeriesMoved(coming[0].id, series.id, by_id, clock.now()))


def cancel_occurrences(session: Session, series: Series, by_id: int) -> None:
    """Cancel all meetings to come of a series that ends."""
    coming = lock_upcoming(session, series.id)
    for meeting in coming:
        cancel_occurrence(meeting, by_id, in_series=True)
    if coming:
        announce(SeriesCancelled(coming[0].id, series.id, by_id, clock.now()))


def lock_upcoming(session: Session, series_id: int) -> Sequence[Meeting]:
    """Return the meetings of a series that are planned and have not begun, locked, in order."""
    return session.scalars(
        select(Meeting)
        .where(
            Meeting.series_id == series_id,
            Meeting.state == SCHEDULED,
            Meeting.starts_at > clock.now(),
        )
        .order_by(Meeting.starts_at)
        .with_for_update()
    ).all()


def cancel_occurrence(meeting: Meeting, by_id: int, *, in_series: bool = False) -> None:
    """Cancel a meeting that is planned."""
    now = clock.now()
    meeting.state = CANCELLED
    meeting.version += 1
    announce(MeetingCancelled(meeting.id, meeting.group_id, by_id, in_series, now))
    announce(MeetingStateChanged(meeting.id, meeting.group_id, CANCELLED, "", now))


def _upcoming_starts(series: Series) -> list[Start]:
    return recurrence.upcoming_starts(
        series.starts_at,
        series.rule,
        series.left_out,
        series.zone,
        now=clock.now(),
        span=CREATED_AHEAD,
        most=CREATED_AHEAD_MAX,
    )


def _days_taken(session: Session, series: Series, *which: ColumnElement[bool]) -> set[date]:
    """Return the days, in the series' zone, that have had their meeting, held or cancelled."""
    starts = session.scalars(
        select(Meeting.starts_at).where(Meeting.series_id == series.id, *which)
    )
    return {recurrence.to_wall_clock(at, series.zone).date() for at in starts}


def _details(series: Series, at: datetime) -> dict[str, Any]:
    return {
        "title": series.title,
        "agenda": series.agenda,
        "ends_at": at + timedelta(minutes=series.minutes),
        "zone": series.zone,
        **series.settings,
    }


def _pair_with_starts(
    meetings: Sequence[Meeting], starts: list[Start], zone: str
) -> dict[int, datetime]:
    """Return the new moment of each meeting that has one: on the same day, else nearby."""
    by_day = {wall.date(): at for wall, at in starts}
    pairs: dict[int, datetime] = {}
    for meeting in meetings:
        at = by_day.pop(recurrence.to_wall_clock(meeting.starts_at, zone).date(), None)
        if at is not None:
            pairs[meeting.id] = at
    free = sorted(by_day.values())
    for meeting in meetings:
        near = [at for at in free if abs(at - meeting.starts_at) <= MOVED_AT_MOST]
        if meeting.id not in pairs and near:
            pairs[meeting.id] = min(near, key=lambda at: (abs(at - meeting.starts_at), at))
            free.remove(pairs[meeting.id])
    return pairs


def _move(meeting: Meeting, series: Series, at: datetime, by_id: int) -> bool:
    """Bring one meeting up to date; return whether it begins at another time now."""
    now, moved = clock.now(), meeting.starts_at != at
    for name, value in _details(series, at).items():
        setattr(meeting, name, value)
    meeting.version += 1
    meeting.moved_from = meeting.starts_at if moved else None
    if moved:
        meeting.starts_at = at
        meeting.uncovered_told_at = None
        # That it was moved reminds people, too: what is due already is not said beside it.
        ahead, soon = reminder_times.due_ahead(at, series.zone), reminder_times.due_soon(at)
        meeting.announced_at = now if ahead <= now else None
        meeting.reminded_at = now if soon <= now else None
        announce(MeetingMoved(meeting.id, meeting.group_id, by_id, now))
    announce(MeetingStateChanged(meeting.id, meeting.group_id, meeting.state, "", now))
    return moved


def _cancel_or_delete(session: Session, meeting: Meeting, by_id: int) -> None:
    """Cancel a meeting for which somebody waits; forget one that nobody has asked about."""
    waited_for = or_(
        exists().where(Reminder.meeting_id == meeting.id),
        exists().where(SeriesReminder.series_id == meeting.series_id),
    )
    if session.scalar(select(waited_for)):
        cancel_occurrence(meeting, by_id, in_series=True)
    else:
        session.delete(meeting)
