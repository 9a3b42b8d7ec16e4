"""Due dates, windows and reminders: what holds for every plan, zone and change of clocks."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from forum.core import time_zones
from forum.research.waves import schedule
from forum.research.waves.models import INVITATION, REMINDER
from forum.research.waves.schedule import PlannedWave, Prompt

ZONES = st.sampled_from(
    ("UTC", "Europe/London", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu", "Africa/Cairo")
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def plans(draw: st.DrawFn) -> list[PlannedWave]:
    before, after = draw(st.integers(0, 14)), draw(st.integers(1, 60))
    gaps = draw(st.lists(st.integers(before + 1, 200), min_size=1, max_size=6))
    days = [sum(gaps[:place]) for place in range(len(gaps) + 1)]
    return [PlannedWave(day, before, after) for day in days]


@given(MOMENTS, plans(), ZONES)
def test_windows_follow_each_other_and_hold_their_due_day(
    day0: datetime, waves: list[PlannedWave], zone: str
) -> None:
    found = schedule.windows(day0, waves, zone)
    for before, after in pairwise(found):
        assert before.closes_at <= after.opens_at
    for wave, window in zip(waves, found, strict=True):
        assert window.due_on == time_zones.day_at(day0, zone) + timedelta(days=wave.day)
        assert window.opens_at <= time_zones.midnight(window.due_on, zone) < window.closes_at
        assert window.closes_at - window.opens_at <= timedelta(
            days=wave.opens_before_days + wave.closes_after_days + 1, hours=26
        )
    assert found[0].is_open(day0)


@given(MOMENTS, plans(), ZONES, st.lists(st.integers(1, 60 * 24 * 3), max_size=80))
def test_prompts_come_in_order_at_waking_hours_and_apart(
    day0: datetime, waves: list[PlannedWave], zone: str, steps: list[int]
) -> None:
    window = schedule.windows(day0, waves, zone)[1]
    now, sent = window.opens_at - timedelta(days=1), list[datetime]()
    kinds = list[Prompt]()
    for minutes in steps:
        now += timedelta(minutes=minutes)
        if prompt := schedule.next_prompt(window, sent, now, zone):
            sent.append(now)
            kinds.append(prompt)
            assert 10 <= now.astimezone(ZoneInfo(zone)).hour < 20
            assert window.opens_at <= now < window.closes_at
    assert kinds == [Prompt(INVITATION, 0), Prompt(REMINDER, 1), Prompt(REMINDER, 2)][: len(kinds)]
    days = [time_zones.day_at(at, zone) for at in sent]
    assert all((after - before).days >= 3 for before, after in pairwise(days))
    assert len(days) < 3 or (days[2] - days[0]).days >= 10


@given(MOMENTS, plans(), ZONES, st.integers(1, 60 * 24 * 30))
def test_a_clock_set_back_sends_nothing_twice(
    day0: datetime, waves: list[PlannedWave], zone: str, back: int
) -> None:
    window = schedule.windows(day0, waves, zone)[1]
    sent = [time_zones.midnight(window.due_on, zone) + timedelta(hours=12)]
    assert schedule.next_prompt(window, sent, sent[0] - timedelta(minutes=back), zone) is None


def test_the_usual_plan() -> None:
    day0 = datetime(2026, 3, 20, 22, 30, tzinfo=UTC)  # clocks go forward on the 29th
    waves = [PlannedWave(day, 3, 21) for day in (0, 14, 91, 182, 365)]
    baseline, second, *_others = schedule.windows(day0, waves, "Europe/London")
    assert str(baseline.due_on) == "2026-03-20"
    assert str(baseline.invited_on) == "2026-03-21"
    assert baseline.closes_at == second.opens_at == datetime(2026, 3, 30, 23, tzinfo=UTC)
    due = datetime(2026, 4, 3, tzinfo=UTC)
    at_ten = due + timedelta(hours=9)  # ten o'clock in London's summer
    assert schedule.next_prompt(second, [], at_ten - timedelta(minutes=1), "Europe/London") is None
    assert schedule.next_prompt(second, [], at_ten, "Europe/London") == Prompt(INVITATION, 0)
    for days, reminder in ((2, None), (3, 1), (9, 1)):
        expected = Prompt(REMINDER, reminder) if reminder else None
        later = at_ten + timedelta(days=days)
        assert schedule.next_prompt(second, [at_ten], later, "Europe/London") == expected
    there = "Europe/London"
    both = [at_ten, at_ten + timedelta(days=3)]
    assert schedule.next_prompt(second, both, at_ten + timedelta(days=9), there) is None
    assert schedule.next_prompt(second, both, at_ten + timedelta(days=10), there) == Prompt(
        REMINDER, 2
    )


def test_a_wave_does_not_close_within_an_hour_of_an_answer() -> None:
    day0 = datetime(2026, 3, 20, 12, tzinfo=UTC)
    window = schedule.windows(day0, [PlannedWave(0, 3, 21)], "UTC")[0]
    last = window.closes_at - timedelta(minutes=1)
    assert window.is_open(last + timedelta(minutes=59), last)
    assert not window.is_open(last + timedelta(minutes=61), last)
    assert not window.is_open(window.closes_at)
