"""Time zones by their IANA names, and which day it is there."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from forum.core.translation import lazy

LOOK_EVERY_S = 2 * 24 * 3600  # clocks are never changed twice within two days
UNKNOWN = lazy("There is no such time zone. An example is Europe/Dublin.")


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Return the names of all time zones that people live in, by name."""
    regions = (
        "Africa/",
        "America/",
        "Antarctica/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    )
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(regions)))


def day_at(at: datetime, zone: str) -> date:
    """Return the day that it is in a zone at a moment."""
    return at.astimezone(ZoneInfo(zone)).date()


def midnight(day: date, zone: str) -> datetime:
    """Return the moment, in UTC, at which a day begins in a zone.

    Where clocks skip midnight, that is when they skip it.
    """
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def offsets(zone: ZoneInfo, begin: int, end: int) -> list[tuple[int, int]]:
    """Return by how many seconds clocks differ from UTC between two moments, in Unix seconds.

    Each offset comes with the moment at which it ends; the last one with `end` or later.
    """
    found, known = list[tuple[int, int]](), _offset(zone, begin)
    for start in range(begin, end, LOOK_EVERY_S):
        if _offset(zone, start + LOOK_EVERY_S) == known:
            continue
        low, high = start, start + LOOK_EVERY_S  # the change lies after low, at high at the latest
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset(zone, middle) == known else (low, middle)
        found.append((high, known))
        known = _offset(zone, start + LOOK_EVERY_S)
    return [*found, (max(begin, end), known)]


def _offset(zone: ZoneInfo, at: int) -> int:
    ahead = datetime.fromtimestamp(at, zone).utcoffset()
    return int(ahead.total_seconds()) if ahead else 0
