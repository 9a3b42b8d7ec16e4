"""When reminders are due, in any zone and across changes of clocks."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from forum.meetings.schedule import recurrence
from forum.meetings.schedule import reminder_times as times

ZONES = (
    "UTC",
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "Asia/Kathmandu",
)
starts = some.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001
zones = some.sampled_from(ZONES)
steps = some.integers(-100_000, 200_000).map(lambda seconds: timedelta(seconds=seconds))


@given(starts, zones)
def test_the_day_before_is_the_same_hour_on_the_clock_of_the_meeting(
    start: datetime, zone: str
) -> None:
    due = times.due_ahead(start, zone)
    before = recurrence.to_wall_clock(start, zone) - timedelta(days=1)
    if recurrence.exists_on_clock(before, zone):
        assert recurrence.to_wall_clock(due, zone) == before
    assert timedelta(hours=22) <= start - due <= times.AHEAD_AT_MOST


@given(starts, zones, steps)
def test_no_reminder_comes_early_or_once_it_is_of_no_use(
    start: datetime, zone: str, step: timedelta
) -> None:
    now = start - step
    ahead, soon = times.reminds_ahead(start, zone, now), times.reminds_soon(start, now)
    assert not (ahead and soon)
    if ahead:
        assert times.due_ahead(start, zone) <= now <= start - timedelta(hours=12)
    if soon:
        assert start - timedelta(minutes=15) <= now < start
    if now >= start:
        assert not ahead
        assert not soon


@given(starts, zones, some.integers(0, 3600), some.integers(0, 59))
def test_a_server_that_was_down_for_an_hour_still_reminds(
    start: datetime, zone: str, late: int, minute: int
) -> None:
    assert times.reminds_ahead(start, zone, times.due_ahead(start, zone) + timedelta(seconds=late))
    assert times.reminds_soon(start, start - timedelta(seconds=minute + 1))


def test_when_clocks_go_back_it_is_25_hours_before() -> None:
    start = datetime(2026, 10, 25, 19, tzinfo=UTC)  # London has winter time since that morning
    assert start - times.due_ahead(start, "Europe/London") == timedelta(hours=25)
    assert start - times.due_ahead(start, "UTC") == timedelta(hours=24)
