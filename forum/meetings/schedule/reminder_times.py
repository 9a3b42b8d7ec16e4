"""When people are reminded of a meeting: pure rules, whenever they are asked.

The day before means the same hour on the clock that the meeting goes by, so when clocks change in
between it is 23 or 25 hours before. That is an hour at which people would come to this meeting;
whoever sleeps then, elsewhere, has quiet hours.
"""

from datetime import datetime, timedelta

from forum.meetings.schedule import recurrence

A_DAY = timedelta(days=1)
SHORTLY = timedelta(minutes=15)
# Later than this a reminder of the day before says nothing new; the one shortly before still comes.
AHEAD_AT_LEAST = timedelta(hours=12)
# No clock is set by more between the two days.
AHEAD_AT_MOST = timedelta(hours=28)


def due_ahead(starts_at: datetime, zone: str) -> datetime:
    """Return when the reminder of the day before is due."""
    return recurrence.to_utc(recurrence.to_wall_clock(starts_at, zone) - A_DAY, zone)


def due_soon(starts_at: datetime) -> datetime:
    """Return when the reminder shortly before is due."""
    return starts_at - SHORTLY


def reminds_ahead(starts_at: datetime, zone: str, now: datetime) -> bool:
    """Whether it is time for the reminder of the day before, and not too late."""
    return due_ahead(starts_at, zone) <= now <= starts_at - AHEAD_AT_LEAST


def reminds_soon(starts_at: datetime, now: datetime) -> bool:
    """Whether it is time for the reminder shortly before; never once it has begun."""
    return due_soon(starts_at) <= now < starts_at
