"""Who has stopped using the forum: silence counts, and leaving or not being looked at does not."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.activity.measures.definitions.attrition.stopped_using import stopped_using
from forum.activity.measures.definitions.attrition.usage_half_life import usage_half_life
from forum.activity.measures.definitions.responsiveness.minutes_to_first_reply import (
    minutes_to_first_reply,
)
from forum.activity.measures.definitions.responsiveness.minutes_until_half_answered import (
    minutes_until_half_answered,
)
from forum.activity.measures.queries.follow_up import NON_USAGE, SILENCE_DAYS
from forum.activity.measures.snapshot_reader import opened
from forum.activity.measures.study_record import Window
from forum.core import db
from forum.research.figures.retention import retention
from forum.research.recording import study_participants
from forum.research.studies import group_withdrawal, planning
from tests.support.research import study_world
from tests.support.research.study_records import BEGIN, event, person, written
from tests.support.research.study_world import StudyWorld
from tests.support.suite.thoroughness import examples

DAYS = 60
WINDOW = Window(BEGIN.date(), DAYS)
PEOPLE = range(1, 41)


def daily(key: int, until: float, since: float = 0) -> list[dict[str, Any]]:
    """Return a post a day."""
    days = range(int(since), int(until) + 1)
    return [
        event("thread_started", key, day, thread_id=key, post_id=key * 999 + day, group_id=1)
        for day in days
    ]


@pytest.mark.parametrize("way", ["withdraws", "leaves the group", "the study ends"])
def test_who_leaves_has_not_stopped(tmp_path: Path, way: str) -> None:
    """40 write every day, and 20 leave on day 20: nobody has fallen silent."""
    leaves = [key for key in PEOPLE if key > 20]
    at, facts, events = BEGIN + timedelta(days=20), dict[str, Any](), []
    if way == "withdraws":
        facts = {"left_at": at}
    elif way == "the study ends":
        facts = {"over_at": at}
    else:
        facts = {"groups": 0}
        events = [event("group_left", key, 20, group_id=1) for key in leaves]
    people = [person(key, **(facts if key in leaves else {})) for key in PEOPLE]
    for key in PEOPLE:
        events += daily(key, 19 if key in leaves else DAYS - 1)
    with opened(written(tmp_path, people, events), WINDOW) as record:
        assert stopped_using(record) == 0
        assert usage_half_life(record) is None


def test_who_falls_silent_has_stopped_also_when_they_leave_much_later(tmp_path: Path) -> None:
    people = [person(1), person(2, left_at=BEGIN + timedelta(days=50)), person(3)]
    events = daily(1, 9) + daily(2, 9) + daily(3, 59)
    with opened(written(tmp_path, people, events), WINDOW) as record:
        assert stopped_using(record) == 2
        assert usage_half_life(record) == 10


def test_who_left_and_came_back_to_a_group_is_looked_at_again(tmp_path: Path) -> None:
    events = [
        event("group_joined", 1, 0, group_id=1),
        event("group_left", 1, 10, group_id=1),
        event("group_joined", 1, 12, group_id=1),
        *daily(1, 14),
    ]
    with opened(written(tmp_path, [person(1)], events), WINDOW) as record:
        assert stopped_using(record) == 1


def test_who_had_gone_before_the_time_looked_at_is_not_at_risk(tmp_path: Path) -> None:
    """Of 30 who joined long before, 10 are still here, and 5 of these fall silent."""
    later = Window(BEGIN.date() + timedelta(days=200), 84)
    events = [act for key in range(1, 31) for act in daily(key, 40)]
    for key in range(1, 11):
        events += daily(key, 283 if key > 5 else 230, since=200)
    with opened(written(tmp_path, [person(key) for key in range(1, 31)], events), later) as record:
        assert stopped_using(record) == 5
        assert usage_half_life(record) == 31
        assert record.number(f"SELECT count(*) FROM ({NON_USAGE})") == 10


def test_four_weeks_cannot_tell_who_has_stopped(tmp_path: Path) -> None:
    folder = written(tmp_path, [person(key) for key in PEOPLE], daily(1, 3))
    with opened(folder, Window(BEGIN.date(), SILENCE_DAYS)) as record:
        assert stopped_using(record) is None
        assert "too short to tell" in retention(record).summary


def test_threads_without_a_reply_lengthen_the_wait(tmp_path: Path) -> None:
    """Three of six are answered, after one, two and three days; the others wait on."""
    events = [event("thread_started", 1, 0, thread_id=n, post_id=n * 10) for n in range(1, 7)]
    events += [
        event("reply_posted", 2, n, thread_id=n, post_id=n * 10 + 1, previous_author=1)
        for n in (1, 2, 3)
    ]
    events.append(event("session", 2, 30))
    with opened(written(tmp_path, [person(1), person(2)], events), WINDOW) as record:
        assert minutes_to_first_reply(record) == 2 * 24 * 60
        assert minutes_until_half_answered(record) == 3 * 24 * 60
    few = [each for each in events if each.get("thread_id") != 3 or each["kind"] != "reply_posted"]
    with opened(written(tmp_path, [person(1), person(2)], few), WINDOW) as record:
        assert minutes_to_first_reply(record) == 1.5 * 24 * 60
        assert minutes_until_half_answered(record) is None


@st.composite
def lives(draw: st.DrawFn) -> tuple[int, int | None, list[int]]:
    """Return when somebody joined, left and wrote, in days from the beginning."""
    joined = draw(st.integers(-50, DAYS - 1))
    left = draw(st.none() | st.integers(max(joined, 0), DAYS + 20))
    acts = draw(st.lists(st.integers(joined, min(left or 99, DAYS - 1)), max_size=6))
    return joined, left, acts


def expected(joined: int, left: int | None, acts: list[int]) -> tuple[int, bool] | None:
    """Return how long somebody used the forum and whether they stopped, by plain counting."""
    seen = [day for day in acts if day >= 0]
    entry = joined if joined >= 0 else min(seen, default=None)
    if entry is None:
        return None
    last = max([*seen, entry] if joined >= 0 else seen)
    over = min(DAYS, DAYS if left is None else left)
    silent_all_along = last + SILENCE_DAYS < over
    known = max(over - SILENCE_DAYS, entry)
    return (last + 1 - entry, True) if silent_all_along else (min(last + 1, known) - entry, False)


@settings(deadline=None, max_examples=examples(60))
@given(st.lists(lives(), min_size=1, max_size=8))
def test_silence_is_counted_as_by_hand(people: list[tuple[int, int | None, list[int]]]) -> None:
    rows = [
        person(key, joined, left_at=None if left is None else BEGIN + timedelta(days=left))
        for key, (joined, left, _) in enumerate(people)
    ]
    events = [
        event("session", key, day, seconds_high=1.0)
        for key, (*_, acts) in enumerate(people)
        for day in acts
    ]
    with TemporaryDirectory() as name, opened(written(Path(name), rows, events), WINDOW) as record:
        found = record.base.execute(f"SELECT time, ended FROM ({NON_USAGE})").fetchall()
    counted = [each for each in (expected(*one) for one in people) if each]
    assert sorted(found) == sorted(counted)


def over_at(room: StudyWorld) -> list[Any]:
    """Return from when on nobody can be seen to take part, of everybody in a study."""
    db.release_session()
    with db.snapshot():
        rows = db.current_connection().execute(study_participants.participants(room.study_id)).all()
    db.release_session()
    return [row.over_at for row in rows]


def test_a_snapshot_says_when_a_study_ended_or_its_last_group_left(app: Flask) -> None:
    room = study_world.in_two_groups()
    room.agree(room.member())
    assert over_at(room) == [None]
    group_withdrawal.withdraw_group(room.study_id, room.group_id)
    assert over_at(room) == [None]  # the other group is still in it
    group_withdrawal.withdraw_group(room.study_id, room.other_id)
    left = over_at(room)[0]
    assert left is not None
    planning.close_study(room.study_id)
    assert over_at(room) == [left]
    other = study_world.study()
    other.agree(other.member())
    planning.close_study(other.study_id)
    assert over_at(other)[0] is not None


def test_who_agreed_late_and_without_the_past_is_no_newcomer(app: Flask) -> None:
    room = study_world.study()
    for clauses in (("record",), ("record", "past")):
        room.agree(room.member(), *clauses)
    db.release_session()
    with db.snapshot():
        found = db.current_connection().execute(study_participants.participants(room.study_id))
        known = {row.past: bool(row.joining_known) for row in found}
    db.release_session()
    assert known == {False: False, True: True}


def test_people_whose_joining_is_unknown_count_from_their_first_use(tmp_path: Path) -> None:
    people = [person(1), person(2, joining_known=False)]
    acts = [event("session", key, 10, seconds_high=1.0) for key in (1, 2)]
    with opened(written(tmp_path, people, acts), WINDOW) as record:
        found = record.base.execute(f"SELECT participant, time FROM ({NON_USAGE})").fetchall()
    assert dict(found) == {1: 11, 2: 1}
