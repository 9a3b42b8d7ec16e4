"""Figures are drawn by themselves when another week is over, and the page says as of when."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from forum.activity.models import ActivityEvent
from forum.core import clock, db
from forum.research import editions, looking, queries, service
from forum.research.choices import Choice
from forum.research.models import Study
from tests import factories, studyroom
from tests.studyroom import StudyRoom

DAY = timedelta(days=1)


@pytest.fixture
def room(app: Flask) -> StudyRoom:
    """Return a study of ten people, opened now."""
    room = studyroom.study()
    for _ in range(10):
        room.agree(room.member())
    return room


def long_ago(ago: timedelta) -> None:
    """Let the study, and the record of everybody, have begun some time ago."""
    with db.transaction() as session:
        session.execute(update(Study).values(opened_at=clock.now() - ago))
        session.execute(update(ActivityEvent).values(at=clock.now() - ago))


class Calendar:
    """The clock, moved on by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, instance: Path) -> None:
        self.moment, self.instance = clock.now(), instance
        monkeypatch.setattr(clock, "now", lambda: self.moment)

    def drawn_on_day(self, room: StudyRoom, days: int) -> list[int]:
        """Let as many days pass, and return on which of them figures were drawn."""
        found = []
        for day in range(1, days + 1):
            self.moment += DAY
            if looking.due(self.instance):
                found.append(day)
            looking.draw_due(self.instance)
            assert looking.due(self.instance) == []
        db.done_reading()
        return found


def test_they_are_drawn_after_each_whole_week_and_once_after_the_end(
    room: StudyRoom, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calendar = Calendar(monkeypatch, tmp_path)
    assert calendar.drawn_on_day(room, 16) == [7, 14]
    service.close_study(room.study_id)
    assert calendar.drawn_on_day(room, 21) == [5]
    assert looking.next_on(tmp_path, queries.study_at(room.slug)) is None
    assert editions.shown(looking.home(tmp_path, room.slug), Choice())["days"] == 21


def test_one_that_was_missed_is_drawn_late_and_once(
    room: StudyRoom, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calendar = Calendar(monkeypatch, tmp_path)
    calendar.moment += 31 * DAY
    assert calendar.drawn_on_day(room, 10) == [1, 4]


def test_few_people_are_not_tried_every_hour(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    room = studyroom.study()
    room.agree(room.member())
    studyroom.study("planned", opened=False)
    assert Calendar(monkeypatch, tmp_path).drawn_on_day(room, 9) == [7]
    assert editions.choices(looking.home(tmp_path, room.slug)) == []


def test_a_study_that_fails_keeps_no_other_from_being_drawn(
    room: StudyRoom, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = studyroom.study("walks")
    calendar = Calendar(monkeypatch, tmp_path)
    calendar.moment += 8 * DAY
    home = looking.home(tmp_path, room.slug)
    (home / editions.SHOWN).mkdir(parents=True)  # cannot be read
    looking.draw_due(tmp_path)
    assert [study.slug for study in looking.due(tmp_path)] == [room.slug]
    assert editions.drawn_on(looking.home(tmp_path, other.slug)) is not None
    (home / editions.SHOWN).rmdir()
    looking.draw_due(tmp_path)
    assert looking.due(tmp_path) == []


def test_two_never_draw_at_once(tmp_path: Path) -> None:
    here, steps = threading.Event(), list[str]()

    def second() -> None:
        with looking._alone(tmp_path):
            steps.append("second")

    with looking._alone(tmp_path):
        other = threading.Thread(target=second)
        other.start()
        here.wait(0.05)
        steps.append("first")
    other.join()
    assert steps == ["first", "second"]


def test_the_page_says_as_of_when_and_when_the_next_ones_come(
    app: Flask, room: StudyRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = app.extensions["forum.settings"].instance
    researcher = factories.administrator()
    client = app.test_client()
    factories.log_in(client, researcher)
    begin = clock.now().date()
    one = room.member()
    room.agree(one)

    def said() -> str:
        return client.get(f"/research/{room.slug}").text

    assert f"drawn next on {begin + 7 * DAY:%-d %B %Y}" in said()
    long_ago(8 * DAY)
    looking.draw_due(instance)
    assert f"as of {begin:%-d %B %Y}" in said()
    assert f"on {begin + 6 * DAY:%-d %B %Y}" in said()
    assert "stayed as they were" not in said()
    service.withdraw(one, room.slug, erase=True)  # figures beside these would show what was theirs
    long_ago(8 * DAY)
    moment = clock.now() + 7 * DAY
    monkeypatch.setattr(clock, "now", lambda: moment)
    looking.draw_due(instance)
    assert f"as of {begin:%-d %B %Y}" in said()
    assert "stayed as they were" in said()
