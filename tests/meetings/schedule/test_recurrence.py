"""When a series meets: the wall clock is kept, in order, within bounds."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.core import time_zones
from forum.meetings.schedule import recurrence

AROUND_A_CHANGE = [
    ("Europe/London", datetime(2027, 3, 16, 19), [19, 19, 18, 18]),
    ("Europe/London", datetime(2027, 10, 19, 19), [18, 18, 19, 19]),
    ("America/New_York", datetime(2027, 3, 2, 19), [24, 24, 23, 23]),
    ("America/New_York", datetime(2027, 10, 26, 19), [23, 23, 24, 24]),
    ("Australia/Lord_Howe", datetime(2027, 3, 23, 19), [8, 8, 8.5, 8.5]),
]


@pytest.mark.parametrize(("zone", "first", "hours"), AROUND_A_CHANGE)
def test_seven_stays_seven_when_the_clocks_change(
    zone: str, first: datetime, hours: list[float]
) -> None:
    rule = recurrence.rule_for("weekly", first.date(), 4)
    starts = list(recurrence.wall_clock_starts(first, rule))
    assert [start.hour for start in starts] == [19] * 4
    utc = [recurrence.to_utc(start, zone) for start in starts]
    midnights = [datetime.combine(start, datetime.min.time(), UTC) for start in starts]
    found = [(at - day).total_seconds() / 3600 for at, day in zip(utc, midnights, strict=True)]
    assert found == hours


@pytest.mark.parametrize(
    ("zone", "skipped"),
    [
        ("Europe/Berlin", datetime(2027, 3, 28, 2, 30)),
        ("America/New_York", datetime(2027, 3, 14, 2, 30)),
    ],
)
def test_an_hour_that_the_clocks_skip_is_an_hour_later(zone: str, skipped: datetime) -> None:
    assert not recurrence.exists_on_clock(skipped, zone)
    at = recurrence.to_utc(skipped, zone)
    assert recurrence.to_wall_clock(at, zone) == skipped + timedelta(hours=1)


def test_of_an_hour_that_comes_twice_it_is_the_first() -> None:
    twice = datetime(2027, 10, 31, 1, 30)
    assert recurrence.exists_on_clock(twice, "Europe/London")
    assert recurrence.to_utc(twice, "Europe/London") == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_every_month_is_the_same_weekday_of_the_month() -> None:
    second_tuesday = datetime(2027, 1, 12, 19)
    rule = recurrence.rule_for("monthly", second_tuesday.date(), 4)
    days = [start.date() for start in recurrence.wall_clock_starts(second_tuesday, rule)]
    assert days == [date(2027, 1, 12), date(2027, 2, 9), date(2027, 3, 9), date(2027, 4, 13)]


def test_a_fifth_weekday_is_the_last_of_each_month() -> None:
    fifth_friday = datetime(2027, 1, 29, 19)
    rule = recurrence.rule_for("monthly", fifth_friday.date(), 3)
    days = [start.day for start in recurrence.wall_clock_starts(fifth_friday, rule)]
    assert days == [29, 26, 26]


first_days = st.datetimes(datetime(2026, 1, 1), datetime(2035, 1, 1)).map(
    lambda at: at.replace(second=0, microsecond=0)
)


@given(
    first=first_days,
    zone=st.sampled_from(time_zones.zones()),
    repeats=st.sampled_from(["weekly", "fortnightly", "monthly"]),
    times=st.integers(1, 40),
)
def test_wall_clock_order_and_count_hold_anywhere(
    first: datetime, zone: str, repeats: str, times: int
) -> None:
    rule = recurrence.rule_for(repeats, first.date(), times)
    starts = list(recurrence.wall_clock_starts(first, rule))
    assert (len(starts), starts[0]) == (times, first)
    assert recurrence.count_of(rule) == times
    assert recurrence.repeats_of(rule) == repeats
    assert all(
        (start.time(), start.weekday()) == (first.time(), first.weekday()) for start in starts
    )
    moments = [recurrence.to_utc(start, zone) for start in starts]
    assert all(earlier < later for earlier, later in pairwise(moments))
    for start, at in zip(starts, moments, strict=True):
        assert (
            not recurrence.exists_on_clock(start, zone)
            or recurrence.to_wall_clock(at, zone) == start
        )


@given(first=first_days, now=first_days, most=st.integers(1, 60))
def test_what_is_made_ahead_is_to_come_bounded_and_never_nothing(
    first: datetime, now: datetime, most: int
) -> None:
    at, span = now.replace(tzinfo=UTC), timedelta(weeks=8)
    found = recurrence.upcoming_starts(
        first, "FREQ=WEEKLY", (), "Europe/London", now=at, span=span, most=most
    )
    assert 1 <= len(found) <= min(most, 9)
    assert all(start > at for _, start in found)
    assert all(start <= at + span for _, start in found[1:])
    wanted = [
        wall
        for wall in islice(recurrence.wall_clock_starts(first, "FREQ=WEEKLY"), 600)
        if recurrence.to_utc(wall, "Europe/London") > at
    ]
    assert [wall for wall, _ in found] == wanted[: len(found)]
