"""Announcing each meeting when its reminders are due.

It is once for each, even when several processes try. What fell due while no server ran is announced
as long as it is of use.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import InstrumentedAttribute

from forum.core import clock
from forum.core.db import current_session, transaction
from forum.core.events import announce
from forum.meetings.events import MeetingAhead, MeetingSoon
from forum.meetings.models import DOORS_OPEN, SCHEDULED, Meeting
from forum.meetings.schedule import reminder_times as times


def announce_due() -> None:
    """Announce each meeting that begins in a day, and each that begins in 15 minutes."""
    now = clock.now()
    ahead = Meeting.starts_at <= now + times.AHEAD_AT_MOST, Meeting.state == SCHEDULED
    for one in _upcoming(Meeting.announced_at, now, *ahead):
        if times.reminds_ahead(one.starts_at, one.zone, now):
            _announce(one, Meeting.announced_at, MeetingAhead)
    soon = Meeting.starts_at <= now + times.SHORTLY, Meeting.state.in_((SCHEDULED, DOORS_OPEN))
    for one in _upcoming(Meeting.reminded_at, now, *soon):
        _announce(one, Meeting.reminded_at, MeetingSoon)


def _upcoming(
    told_at: InstrumentedAttribute[datetime | None], now: datetime, *which: ColumnElement[bool]
) -> list[Any]:
    found = select(Meeting.id, Meeting.group_id, Meeting.starts_at, Meeting.zone).where(
        told_at.is_(None), Meeting.series_id.is_not(None), Meeting.starts_at > now, *which
    )
    return list(current_session().execute(found.order_by(Meeting.starts_at)))


def _announce(
    one: Any,
    told_at: InstrumentedAttribute[datetime | None],
    event: type[MeetingAhead | MeetingSoon],
) -> None:
    """Announce it, unless another process has, or it was moved or cancelled meanwhile."""
    now = clock.now()
    mine = (
        update(Meeting)
        .where(
            Meeting.id == one.id,
            told_at.is_(None),
            Meeting.starts_at == one.starts_at,
            Meeting.state.in_((SCHEDULED, DOORS_OPEN)),
        )
        .values({told_at: now})
        .returning(Meeting.id)
        .execution_options(synchronize_session=False)
    )
    with transaction() as session:
        if session.scalar(mine) is not None:
            announce(event(one.id, one.group_id, now))
