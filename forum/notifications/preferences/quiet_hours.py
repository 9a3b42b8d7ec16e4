"""Hours of the night in which somebody is not to be disturbed, by the clock where they are."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTES_A_DAY = 24 * 60


def end_of_quiet(
    now: datetime, zone: str, quiet_from: int | None, quiet_until: int | None
) -> datetime | None:
    """Return when the quiet hours end in which a moment lies; None where it lies in none.

    Both ends are minutes since midnight. Quiet hours may go past midnight.
    """
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return None
    there = now.astimezone(ZoneInfo(zone))
    minute = there.hour * 60 + there.minute
    if quiet_from < quiet_until:
        is_quiet = quiet_from <= minute < quiet_until
    else:
        is_quiet = minute >= quiet_from or minute < quiet_until
    if not is_quiet:
        return None
    day = there.date() + timedelta(days=1 if minute >= quiet_until else 0)
    ends = time(quiet_until // 60, quiet_until % 60)
    end = datetime.combine(day, ends, ZoneInfo(zone)).astimezone(UTC)
    # Where clocks go back, the hour may come a second time: it is quiet until it is over.
    return max(end, now + timedelta(minutes=1))
