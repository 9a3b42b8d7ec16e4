"""When a series meets: from a rule and a wall clock to moments, whatever summer time does.

A wall-clock hour that the clocks skip is read with the offset from before the change (half past
two becomes half past three); one that comes twice is the first of the two. RFC 5545 says so too.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

ONCE, WEEKLY, FORTNIGHTLY, MONTHLY = "once", "weekly", "fortnightly", "monthly"
REPEATS = (ONCE, WEEKLY, FORTNIGHTLY, MONTHLY)
OCCURRENCES_MAX = 200
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1


def rule_for(repeats: str, first: date, times: int | None = None) -> str:
    """Return the RRULE of a series that begins on `first`; "" for a single meeting.

    Monthly means the same weekday of the month, such as the second Tuesday; a fifth one is the
    last, since most months have none. Without `times` the series goes on.
    """
    if repeats == ONCE:
        return ""
    nth = (first.day - 1) // 7 + 1
    part = {
        WEEKLY: "FREQ=WEEKLY",
        FORTNIGHTLY: "FREQ=WEEKLY;INTERVAL=2",
        MONTHLY: f"FREQ=MONTHLY;BYDAY={LAST if nth == 5 else nth}{DAYS[first.weekday()]}",
    }[repeats]
    return f"{part};COUNT={times}" if times else part


def repeats_of(rule: str) -> str:
    """Return which of the form's choices a rule is."""
    if not rule:
        return ONCE
    if rule.startswith("FREQ=MONTHLY"):
        return MONTHLY
    return FORTNIGHTLY if "INTERVAL=2" in rule else WEEKLY


def count_of(rule: str) -> int | None:
    """Return how many times a rule meets, those left out included; None when it goes on."""
    _, counted, times = rule.partition("COUNT=")
    if not rule:
        return 1
    return int(times) if counted else None


def wall_clock_starts(
    first: datetime, rule: str, left_out: Collection[str] = ()
) -> Iterator[datetime]:
    """Return the wall-clock starts of a series in order, without those that are left out."""
    starts = iter(rrulestr(rule, dtstart=first)) if rule else iter((first,))
    return (start for start in starts if start.isoformat() not in left_out)


def to_utc(wall: datetime, zone: str) -> datetime:
    """Return the moment, in UTC, at which clocks in a zone show this."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def to_wall_clock(at: datetime, zone: str) -> datetime:
    """Return what clocks in a zone show at this moment."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def exists_on_clock(on_the_wall: datetime, zone: str) -> bool:
    """Whether clocks in a zone ever show this, which they skip when summer time begins."""
    return to_wall_clock(to_utc(on_the_wall, zone), zone) == on_the_wall


def count_until(first: datetime, rule: str, last_day: date) -> int:
    """Return how often a rule without an end meets up to and with a day; at most TIMES_MAX + 1."""
    starts = islice(wall_clock_starts(first, rule), OCCURRENCES_MAX + 1)
    return sum(1 for start in starts if start.date() <= last_day)


def upcoming_starts(
    first: datetime,
    rule: str,
    left_out: Collection[str],
    zone: str,
    *,
    now: datetime,
    span: timedelta,
    most: int,
) -> list[tuple[datetime, datetime]]:
    """Return wall and moment of the coming starts within `span`, at most `most`.

    The very next one is among them however far away it is: a series always has one.
    """
    coming: list[tuple[datetime, datetime]] = []
    for start in wall_clock_starts(first, rule, left_out):
        at = to_utc(start, zone)
        if at <= now:
            continue
        if len(coming) == most or (coming and at > now + span):
            break
        coming.append((start, at))
    return coming
