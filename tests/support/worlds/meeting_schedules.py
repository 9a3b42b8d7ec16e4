"""A group with people of each kind, and plans for its meetings."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.meetings.models import Meeting
from forum.meetings.schedule import recurrence
from forum.meetings.schedule import service as scheduling
from tests.support import factories

ZONE = "Europe/London"


@dataclass
class ScheduleWorld:
    """A group that `heron` facilitates, with `wren` in it and `stranger` outside."""

    heron: Viewer
    wren: Viewer
    stranger: Viewer
    group_id: int
    slug: str

    def plan(self, **typed: str) -> int:
        """Plan a series and return its id."""
        made = scheduling.schedule_series(self.heron, self.group_id, form(**typed))
        db.release_session()
        return made


def schedule_world(**details: Any) -> ScheduleWorld:
    """Return a new group with its people."""
    group_id = factories.group(None, slug="circle", **details)
    heron, wren, stranger = (factories.person() for _ in range(3))
    factories.join(heron, group_id, "facilitator")
    factories.join(wren, group_id)
    return ScheduleWorld(heron, wren, stranger, group_id, "circle")


def form(**typed: str) -> dict[str, str]:
    """Return a filled-in schedule form: Thursdays or whatever day it is in three days, at seven."""
    day = recurrence.to_wall_clock(clock.now() + timedelta(days=3), ZONE).date()
    return {"title": "Evening circle", "starts_on": day.isoformat(), "zone": ZONE, **typed}


def meetings(series_id: int) -> list[Meeting]:
    """Return the rows of a series, in order."""
    db.release_session()
    rows = select(Meeting).where(Meeting.series_id == series_id).order_by(Meeting.starts_at)
    return list(db.current_session().scalars(rows))


def walls(series_id: int, zone: str = ZONE) -> list[datetime]:
    """Return what the clocks show at each of a series' meetings that are still planned."""
    return [
        recurrence.to_wall_clock(one.starts_at, zone)
        for one in meetings(series_id)
        if one.state == "scheduled"
    ]
