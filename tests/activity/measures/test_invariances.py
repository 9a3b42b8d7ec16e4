"""Measures do not change when rows are shuffled, days shifted and people renamed; sums add up."""

from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.activity import measures
from forum.activity.measures.panels import SPANS, panel
from forum.activity.measures.snapshot_reader import opened
from forum.activity.measures.study_record import Window
from tests.support.research.simulated import snapshot
from tests.support.research.study_records import BEGIN, event, person, written
from tests.support.suite.thoroughness import examples

DAYS = 56
Rows = list[dict[str, Any]]
PEOPLE = range(1, 7)
MOMENTS = ("at", "joined_at", "left_at")
KINDS = (
    "session",
    "thread_read",
    "thread_started",
    "reply_posted",
    "reaction_given",
    "meeting_attended",
    "reaction_received",
    "group_joined",
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Rows, Rows]:
    """Return a few people and what they did."""
    people = [
        person(key, draw(st.floats(0, 50)))
        | {"left_at": draw(st.none() | st.just(BEGIN + timedelta(days=52)))}
        for key in PEOPLE
    ]
    seconds = st.integers(0, 9_000_000).map(lambda thousandths: thousandths / 1000)
    acts = st.builds(
        lambda kind, key, days, thread, words, length: event(
            kind,
            key,
            days,
            thread_id=thread,
            words=words,
            previous_author=thread,
            seconds_low=length,
            seconds_high=length,
            minutes_present=length,
        ),
        st.sampled_from(KINDS),
        st.sampled_from(PEOPLE),
        st.floats(0, DAYS - 0.01),
        st.sampled_from(PEOPLE),
        st.integers(1, 300),
        seconds,
    )
    events = draw(st.lists(acts, max_size=40))
    return people, [act | {"post_id": number} for number, act in enumerate(events)]


def measured(people: Rows, events: Rows, days_later: int = 0, zone: str = "UTC") -> dict[str, Any]:
    """Return every measure, and every panel's sums, of a history."""
    window = Window(BEGIN.date() + timedelta(days=days_later), DAYS, zone)
    with TemporaryDirectory() as name, opened(written(Path(name), people, events), window) as read:
        values: dict[str, Any] = {
            name: one.compute(read) for name, one in measures.study_measures().items()
        }
        for span in SPANS:
            rows = panel(read, span).order("ALL").fetchall()
            values[span] = sorted(row[1:] for row in rows)
    return values


def same(one: dict[str, Any], other: dict[str, Any]) -> None:
    for name, value in one.items():
        assert other[name] == (pytest.approx(value) if isinstance(value, float) else value), name


@settings(deadline=None, max_examples=examples(40))
@given(
    histories(),
    st.integers(0, 9999),
    st.integers(-400, 400),
    st.permutations(range(10**15, 10**15 + len(PEOPLE))),
)
def test_other_orders_days_and_names_change_nothing(
    history: tuple[Rows, Rows], seed: int, days: int, keys: list[int]
) -> None:
    chance, later, names = Random(seed), timedelta(days=days), dict(zip(PEOPLE, keys, strict=True))

    def told_otherwise(row: dict[str, Any]) -> dict[str, Any]:
        moments = {name: row[name] + later for name in MOMENTS if row.get(name)}
        people = {
            name: names[row[name]] for name in ("participant", "previous_author") if name in row
        }
        return row | moments | people

    people, events = (
        [told_otherwise(row) for row in chance.sample(rows, len(rows))] for rows in history
    )
    same(measured(*history), measured(people, events, days))


@settings(deadline=None, max_examples=examples(25))
@given(histories(), st.sampled_from(["UTC", "Pacific/Auckland", "America/St_Johns"]))
def test_sums_of_periods_are_totals(history: tuple[Rows, Rows], zone: str) -> None:
    window = Window(BEGIN.date(), DAYS, zone)
    with TemporaryDirectory() as name, opened(written(Path(name), *history), window) as record:
        doses = measures.person_measures()
        sums = ", ".join(f"coalesce(sum({dose}), 0)" for dose in doses)
        totals = record.row(f"SELECT {sums} FROM totals")
        for span in ("weekly", "monthly"):
            assert panel(record, span).aggregate(sums).fetchall()[0] == pytest.approx(totals)
        daily = {name: n for n, name in enumerate(doses) if doses[name].shortest == "day"}
        found = panel(record, "daily").aggregate(
            ", ".join(f"coalesce(sum({dose}), 0)" for dose in daily)
        )
        assert found.fetchall()[0] == pytest.approx(tuple(totals[n] for n in daily.values()))


def test_a_member_of_two_studies_counts_once_in_each(tmp_path: Path) -> None:
    """Each study has a key and rows of its own for the same acts, and two groups make no two."""
    for study, key in (("one", 11), ("other", 22)):
        joins = [event("group_joined", key, group_id=group) for group in (1, 2)]
        acts = [event("thread_started", key, 1, group_id=1, thread_id=1, post_id=1)]
        folder = written(tmp_path / study, [person(key, groups=2)], joins + acts)
        window = Window(BEGIN.date(), DAYS, groups=frozenset({1, 2}))
        with opened(folder, window) as record:
            assert record.row("SELECT count(*), sum(posts) FROM totals") == (1, 1)


def test_who_did_not_agree_to_be_recorded_or_joined_later_is_not_looked_at(tmp_path: Path) -> None:
    people = [person(1), person(2, record=False), person(3, DAYS), person(4, 10)]
    events = [event("thread_started", key, 5, thread_id=key, post_id=key) for key in (1, 2, 3, 4)]
    with opened(written(tmp_path, people, events), Window(BEGIN.date(), DAYS)) as record:
        found = record.base.sql("SELECT participant, posts FROM totals ORDER BY 1").fetchall()
    assert found == [(1, 1), (4, 0)]


def test_chosen_groups_leave_out_other_groups_people_and_events(tmp_path: Path) -> None:
    events = [event("group_joined", key, group_id=key) for key in (1, 2)]
    events += [event("group_joined", 1, group_id=2), event("session", 1, 1, seconds_high=60.0)]
    events += [
        event("thread_started", 1, 1, group_id=group, thread_id=group, post_id=group)
        for group in (1, 2)
    ]
    window = Window(BEGIN.date(), DAYS, groups=frozenset({1}))
    with opened(written(tmp_path, [person(1), person(2)], events), window) as record:
        found = record.base.sql("SELECT participant, posts, sessions FROM totals").fetchall()
    assert found == [(1, 1, 1)]


def test_days_are_those_of_the_time_zone(tmp_path: Path) -> None:
    """Across the spring's change of clocks two acts an hour apart lie on two days in Berlin."""
    events = [event("session", 1, 82 + hour / 24) for hour in (22.5, 23.5)]
    folder = written(tmp_path, [person(1)], events)
    for zone, days in (("UTC", 1), ("Europe/Berlin", 2)):
        with opened(folder, Window(BEGIN.date(), 112, zone)) as record:
            assert record.number("SELECT active_days FROM totals") == days


def test_definitions_of_lurkers_disagree_on_a_simulated_community(tmp_path: Path) -> None:
    window = Window(BEGIN.date(), 182)
    with opened(snapshot(tmp_path, 1000), window) as record:
        found = {name: one.compute(record) for name, one in measures.study_measures().items()}
    assert found["lurkers_no_posts"] != found["lurkers_below_top_tenth"]
    assert 0.6 < (found["gini"] or 0) < 1
    assert (found["zipf_r2"] or 0) > 0.8
