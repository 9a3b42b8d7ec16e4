"""A zone's clock changes in the words of RFC 5545: VTIMEZONE with yearly rules, for any program.

icalendar writes lists of RDATE, which some programs pass over, and counts the wall time of a change
with the offset after it, where the standard wants the one before.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

RULE_YEARS = 28  # after which every date falls on the same weekday again
LISTED_YEARS = 10
_STEP, _A_YEAR, _A_WEEK = timedelta(days=7), timedelta(days=400), 7
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LONG_AGO = datetime(1970, 1, 1)  # noqa: DTZ001 - what clocks on a wall show


class Change(NamedTuple):
    """A change of clocks; `wall` is what they showed before it, and offsets are from UTC."""

    at: datetime
    wall: datetime
    before: timedelta
    after: timedelta
    name: str
    is_ahead: bool


class RecurringChange(NamedTuple):
    """What the changes of one yearly rule have in common."""

    month: int
    weekday: int
    at: time
    before: timedelta
    after: timedelta
    name: str
    is_ahead: bool


def make_vtimezone(zone: str, first: datetime, now: datetime) -> Timezone:
    """Return the VTIMEZONE of a zone, for moments from the year of `first` on."""
    made = Timezone()
    made.add("tzid", zone)
    for change, rule in _observances(zone, first.year, now.year):
        part = TimezoneDaylight() if change.is_ahead else TimezoneStandard()
        part.add("dtstart", change.wall)
        part.add("tzoffsetfrom", change.before)
        part.add("tzoffsetto", change.after)
        part.add("tzname", change.name)
        if rule:
            part.add("rrule", vRecur.from_ical(rule))
        made.add_component(part)
    return made


@lru_cache(maxsize=128)
def _observances(zone: str, first_year: int, this_year: int) -> tuple[tuple[Change, str], ...]:
    """Return the changes that have to be written, each with its yearly rule, or "" for once.

    Where a zone has no yearly rule, as in Morocco for Ramadan, they are listed for ten years.
    """
    last_year = this_year + RULE_YEARS
    changes = _changes(ZoneInfo(zone), first_year - 1, last_year)
    begins, rules = _yearly(changes, this_year, last_year)
    return tuple(
        (change, rules[_kind(change)] if change.wall.year == begins else "")
        for change in changes
        if change.wall.year <= (begins or this_year + LISTED_YEARS)
    )


def _yearly(
    changes: Sequence[Change], this_year: int, last_year: int
) -> tuple[int | None, dict[RecurringChange, str]]:
    """Return from which year on the same rules hold every year, and these; None without any."""
    for year in sorted({change.wall.year for change in changes}):
        if year > this_year + 1:
            break
        days: dict[RecurringChange, list[datetime]] = defaultdict(list)
        for change in changes:
            if change.wall.year >= year:
                days[_kind(change)].append(change.wall)
        rules = {kind: _rule(walls) for kind, walls in days.items()}
        every_year = list(range(year, last_year + 1))
        if all(rules.values()) and all(
            [wall.year for wall in walls] == every_year for walls in days.values()
        ):
            return year, rules
    return None, {}


def _kind(change: Change) -> RecurringChange:
    wall = change.wall
    return RecurringChange(wall.month, wall.weekday(), wall.time(), *change[2:])


def _rule(walls: Sequence[datetime]) -> str:
    """Return the RRULE of all these, which share month and weekday; "" where there is none."""
    month, day = walls[0].month, _DAYS[walls[0].weekday()]
    earliest, latest = min(wall.day for wall in walls), max(wall.day for wall in walls)
    if latest - earliest >= _A_WEEK:
        return ""
    month_rule = f"FREQ=YEARLY;BYMONTH={month}"
    if all((wall + timedelta(days=_A_WEEK)).month != month for wall in walls):
        return f"{month_rule};BYDAY=-1{day}"
    nth, left = divmod(latest, _A_WEEK)
    if left == 0:
        return f"{month_rule};BYDAY={nth}{day}"
    window = ",".join(str(one) for one in range(latest - _A_WEEK + 1, latest + 1))
    return f"{month_rule};BYDAY={day};BYMONTHDAY={window}"


def _changes(zone: ZoneInfo, first_year: int, last_year: int) -> list[Change]:
    """Return the changes of these years; before the first of them, how it was since long ago."""
    found = list(_moments(zone, first_year, last_year + 1))  # one more tells which is ahead
    begin = datetime(first_year, 1, 1, tzinfo=UTC).astimezone(zone)
    offset = _offset(begin)
    is_ahead = bool(found) and _returns(found, 0) and _offset(found[0].astimezone(zone)) < offset
    start = Change(begin, _LONG_AGO, offset, offset, begin.tzname() or "", is_ahead)
    changes = (_change(zone, found, place) for place in range(len(found)))
    return [start, *(change for change in changes if change.wall.year <= last_year)]


def _change(zone: ZoneInfo, moments: Sequence[datetime], place: int) -> Change:
    at = moments[place].astimezone(zone)
    before = _offset((moments[place] - timedelta(seconds=1)).astimezone(zone))
    after = _offset(at)
    wall = (moments[place] + before).replace(tzinfo=None)
    ahead = after > before and _returns(moments, place)
    return Change(at, wall, before, after, at.tzname() or "", ahead)


def _returns(moments: Sequence[datetime], place: int) -> bool:
    """Whether the next change comes within about a year, as summer time ends."""
    following = moments[place + 1 : place + 2]
    return bool(following) and following[0] - moments[place] < _A_YEAR


def _moments(zone: ZoneInfo, first_year: int, last_year: int) -> Iterator[datetime]:
    """Yield the moments, in UTC, at which the offset changes."""
    at, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    while at < end:
        if _offset(at.astimezone(zone)) != _offset((at + _STEP).astimezone(zone)):
            yield _between(zone, at, at + _STEP)
        at += _STEP


def _between(zone: ZoneInfo, early: datetime, late: datetime) -> datetime:
    """Return the first moment, to the second, that has the offset of `late`."""
    seconds, after = int((late - early).total_seconds()), _offset(late.astimezone(zone))
    low, high = 0, seconds
    while high - low > 1:
        middle = (low + high) // 2
        same = _offset((early + timedelta(seconds=middle)).astimezone(zone)) == after
        low, high = (low, middle) if same else (middle, high)
    return early + timedelta(seconds=high)


def _offset(at: datetime) -> timedelta:
    return at.utcoffset() or timedelta(0)
