"""When the quiet hours end in which a moment lies, by the clock of where somebody is."""

from datetime import UTC, datetime

import pytest

from forum.notifications.preferences.quiet_hours import end_of_quiet

TEN_PM, SEVEN_AM = 22 * 60, 7 * 60


def at(moment: str) -> datetime:
    """Return a moment in UTC."""
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "zone", "begin", "end", "until"),
    [
        ("2026-12-01 23:00", "UTC", TEN_PM, SEVEN_AM, "2026-12-02 07:00"),
        ("2026-12-01 03:00", "UTC", TEN_PM, SEVEN_AM, "2026-12-01 07:00"),
        ("2026-12-01 22:00", "UTC", TEN_PM, SEVEN_AM, "2026-12-02 07:00"),
        ("2026-12-01 07:00", "UTC", TEN_PM, SEVEN_AM, None),
        ("2026-12-01 12:00", "UTC", TEN_PM, SEVEN_AM, None),
        ("2026-12-01 13:30", "UTC", 13 * 60, 14 * 60, "2026-12-01 14:00"),
        ("2026-12-01 21:30", "Europe/Berlin", TEN_PM, SEVEN_AM, "2026-12-02 06:00"),
        ("2026-12-01 21:30", "UTC", TEN_PM, SEVEN_AM, None),
        ("2026-12-01 10:00", "Pacific/Auckland", TEN_PM, SEVEN_AM, "2026-12-01 18:00"),
        # The night in which clocks go forward at 01:00 UTC, and the one in which they go back.
        ("2026-03-28 23:00", "Europe/Berlin", TEN_PM, SEVEN_AM, "2026-03-29 05:00"),
        ("2026-10-24 23:00", "Europe/Berlin", TEN_PM, SEVEN_AM, "2026-10-25 06:00"),
        ("2026-12-01 23:00", "UTC", TEN_PM, TEN_PM, None),
        ("2026-12-01 23:00", "UTC", None, SEVEN_AM, None),
        ("2026-12-01 23:00", "UTC", TEN_PM, None, None),
        ("2026-12-01 00:00", "UTC", 0, SEVEN_AM, "2026-12-01 07:00"),
        ("2026-12-01 23:59", "UTC", TEN_PM, 0, "2026-12-02 00:00"),
    ],
)
def test_the_end_of_quiet_hours(
    now: str, zone: str, begin: int | None, end: int | None, until: str | None
) -> None:
    assert end_of_quiet(at(now), zone, begin, end) == (at(until) if until else None)


def test_in_the_hour_that_comes_twice_it_is_quiet_until_it_is_over() -> None:
    second = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 in Berlin for the second time
    end = end_of_quiet(second, "Europe/Berlin", TEN_PM, 2 * 60 + 30)
    assert end is not None
    assert end > second
