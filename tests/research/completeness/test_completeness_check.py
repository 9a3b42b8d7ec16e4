"""The record against the forum: silent while nothing broke, and naming whatever is missing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as property_settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from forum.activity import record_writer
from forum.activity.models import ActivityEvent
from forum.cli.activity import command
from forum.core import db
from forum.meetings.room.models import Attendance
from forum.research import queries
from forum.research.completeness import completeness_check
from forum.research.consent import consent_checks
from forum.research.studies import planning
from forum.settings.environment import Settings
from tests.support.research.reading_world import MovedClock, moved_clock  # noqa: F401 - a fixture
from tests.support.research.recorded_world import World, world
from tests.support.suite.thoroughness import examples


def found() -> list[tuple[str, str]]:
    db.release_session()
    return [(one.what, one.words) for one in completeness_check.findings()]


@contextmanager
def broken() -> Iterator[None]:
    """Let the recorder fail in its savepoint."""

    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(consent_checks, "permits_for", fail)
        yield


SAME_FIXTURE = [HealthCheck.function_scoped_fixture]
STEPS = (
    *("agree", "agree_past", "contact", "keep", "erase", "post", "post", "held", "react", "react"),
    *("come_and_go", "come_and_go", "meet", "group_leaves", "message", "message"),
)


@property_settings(max_examples=examples(12), suppress_health_check=SAME_FIXTURE)
@given(steps=st.lists(st.tuples(st.integers(0, 1), st.sampled_from(STEPS)), max_size=16))
def test_nothing_is_said_of_any_history_in_which_nothing_broke(
    app: Flask, hands: MovedClock, steps: list[tuple[int, str]]
) -> None:
    here = world(hands)
    for who, what in steps:
        here.do(who, what)
    assert found() == []


def test_whatever_was_lost_is_named(app: Flask, hands: MovedClock) -> None:
    here = world(hands)
    for who in (0, 1):
        here.do(who, "agree")
    here.do(0, "post")
    with broken():
        steps = [(0, "post"), (1, "react"), (1, "meet")]
        for who, what in [*steps, *((each, "come_and_go") for each in (0, 0, 1))]:
            here.do(who, what)
    post_id, group_id = here.posts[-1][1], here.room.group_id
    assert found() == [
        ("missing", f"post {post_id} is not recorded"),
        ("missing", f"reaction hug given on post {post_id} is not recorded"),
        ("missing", f"reaction hug received on post {post_id} is not recorded"),
        ("missing", f"joining group {group_id} is not recorded"),
        ("missing", "attending meeting 1 is not recorded"),
    ]


def test_a_leaving_that_was_lost_is_named(app: Flask, hands: MovedClock) -> None:
    here = world(hands)
    here.do(0, "agree")
    here.do(0, "come_and_go")
    here.do(0, "come_and_go")
    with broken():
        here.do(0, "come_and_go")
    assert found() == [("missing", f"leaving group {here.room.group_id} is not recorded")]


def test_what_no_consent_covers_is_not_missed(app: Flask, hands: MovedClock) -> None:
    here = world(hands)
    here.do(0, "contact")
    here.do(0, "post")
    here.do(1, "agree")
    planning.close_study(here.room.study_id)
    hands.forward(60)
    with broken():
        here.do(0, "post")
        here.do(1, "post")
    assert found() == []


def test_the_command_names_each_missing_event_and_ends_with_1(
    app: Flask, hands: MovedClock, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORUM_INSTANCE", str(settings.instance))
    monkeypatch.setenv("FORUM_DATABASE_URL", settings.database_url)
    here = world(hands)
    here.do(0, "agree")
    db.release_session()
    whole = CliRunner().invoke(command, ["check"])
    assert (whole.exit_code, whole.output) == (0, "The record agrees with the forum.\n")
    with broken():
        here.do(0, "post")
    db.release_session()
    lacking = CliRunner().invoke(command, ["check"])
    assert lacking.exit_code == 1
    line = f"missing\t{here.room.slug}\t"
    assert lacking.stdout.startswith(line)
    assert lacking.stdout.endswith(f"post {here.posts[-1][1]} is not recorded\n")
    assert "1 missing, 0 unexplained" in lacking.stderr


def doubled(here: World) -> str:
    (row,) = (row for row in here.room.rows() if row["kind"] == "reply_posted")
    record_writer.append_events([{**row, "id": row["id"] ^ 1}])
    return "reply_posted, is recorded twice"


def of_another_time(here: World) -> str:
    (row,) = (row for row in here.room.rows() if row["kind"] == "reply_posted")
    hands = here.hands
    record_writer.append_events([{**row, "id": row["id"] ^ 1, "at": hands.at}])
    return "reply_posted, belongs to no such post of theirs"


def without_post(here: World) -> str:
    row = here.room.rows(here.people[0])[-1]
    keys, post = (row["participant"], row["consent_id"]), {"post_id": 987_654}
    made = record_writer.event_row("reaction_given", here.hands.at, *keys, reaction="hug", **post)
    record_writer.append_events([made])
    return "reaction_given, belongs to no such post of theirs"


def without_attendance(here: World) -> str:
    with db.transaction() as session:
        session.execute(delete(Attendance))
    return "meeting_attended, belongs to no such attendance"


def before_the_consent(here: World) -> str:
    row = here.room.rows(here.people[0])[-1]
    made = record_writer.event_row(
        "session", here.hands.at.replace(year=2020), row["participant"], row["consent_id"]
    )
    record_writer.append_events([made])
    return "session, is covered by no consent"


def after_the_consent(here: World) -> str:
    here.do(0, "keep")
    here.hands.forward(600)
    row = here.room.rows(here.people[0])[-1]
    made = record_writer.event_row(
        "thread_read", here.hands.at, row["participant"], row["consent_id"]
    )
    record_writer.append_events([made])
    return "thread_read, is covered by no consent"


@pytest.mark.parametrize(
    "add",
    [
        *(doubled, of_another_time, without_post, without_attendance),
        *(before_the_consent, after_the_consent),
    ],
)
def test_rows_without_a_reason_are_named(
    app: Flask, hands: MovedClock, add: Callable[[World], str]
) -> None:
    here = world(hands)
    for what in ("agree", "post", "meet"):
        here.do(0, what)
    assert found() == []
    words = add(here)
    ((what, told),) = found()
    assert what == "unexplained"
    assert told.endswith(words)


def test_a_row_under_somebody_elses_consent_is_named(app: Flask, hands: MovedClock) -> None:
    here = world(hands)
    for who in (0, 1):
        here.do(who, "agree")
    here.do(0, "post")
    one, other = (queries.current_consent(row["participant"]) for row in here.room.rows()[:2])
    assert one
    assert other
    with db.transaction() as session:
        rows = update(ActivityEvent).where(ActivityEvent.kind == "reply_posted")
        session.execute(rows.values(consent_id=other.id))
    ((what, told),) = found()
    assert (what, told.endswith("covered by no consent")) == ("unexplained", True)
