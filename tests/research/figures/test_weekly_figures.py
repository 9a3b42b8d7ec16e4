"""Figures are drawn by themselves when another week is over, and the page says as of when."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from forum.activity.models import ActivityEvent
from forum.core import clock, db
from forum.research import queries, service
from forum.research.figures import figure_jobs, figure_store
from forum.research.figures.filters import FigureFilter
from forum.research.models import Study
from forum.research.studies import planning
from tests.support import factories
from tests.support.research import study_world
from tests.support.research.study_world import StudyWorld

DAY = timedelta(days=1)


@pytest.fixture
def room(app: Flask) -> StudyWorld:
    """Return a study of ten people, opened now."""
    room = study_world.study()
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

    def drawn_on_day(self, room: StudyWorld, days: int) -> list[int]:
        """Let as many days pass, and return on which of them figures were drawn."""
        found = []
        for day in range(1, days + 1):
            self.moment += DAY
            if figure_jobs.studies_due(self.instance):
                found.append(day)
            figure_jobs.draw_due(self.instance)
            assert figure_jobs.studies_due(self.instance) == []
        db.release_session()
        return found


def test_they_are_drawn_after_each_whole_week_and_once_after_the_end(
    room: StudyWorld, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calendar = Calendar(monkeypatch, tmp_path)
    assert calendar.drawn_on_day(room, 16) == [7, 14]
    planning.close_study(room.study_id)
    assert calendar.drawn_on_day(room, 21) == [5]
    assert figure_jobs.next_on(tmp_path, queries.study_at(room.slug)) is None
    assert (
        figure_store.figures_of(figure_jobs.figures_folder(tmp_path, room.slug), FigureFilter())[
            "days"
        ]
        == 21
    )


def test_one_that_was_missed_is_drawn_late_and_once(
    room: StudyWorld, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calendar = Calendar(monkeypatch, tmp_path)
    calendar.moment += 31 * DAY
    assert calendar.drawn_on_day(room, 10) == [1, 4]


def test_few_people_are_not_tried_every_hour(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    room = study_world.study()
    room.agree(room.member())
    study_world.study("planned", opened=False)
    assert Calendar(monkeypatch, tmp_path).drawn_on_day(room, 9) == [7]
    assert figure_store.filters_shown(figure_jobs.figures_folder(tmp_path, room.slug)) == []


def test_a_study_that_fails_keeps_no_other_from_being_drawn(
    room: StudyWorld, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = study_world.study("walks")
    calendar = Calendar(monkeypatch, tmp_path)
    calendar.moment += 8 * DAY
    home = figure_jobs.figures_folder(tmp_path, room.slug)
    (home / figure_store.SHOWN).mkdir(parents=True)  # cannot be read
    figure_jobs.draw_due(tmp_path)
    assert [study.slug for study in figure_jobs.studies_due(tmp_path)] == [room.slug]
    assert figure_store.last_drawn_on(figure_jobs.figures_folder(tmp_path, other.slug)) is not None
    (home / figure_store.SHOWN).rmdir()
    figure_jobs.draw_due(tmp_path)
    assert figure_jobs.studies_due(tmp_path) == []


def test_two_never_draw_at_once(tmp_path: Path) -> None:
    here, steps = threading.Event(), list[str]()

    def second() -> None:
        with figure_jobs._exclusively(tmp_path):
            steps.append("second")

    with figure_jobs._exclusively(tmp_path):
        other = threading.Thread(target=second)
        other.start()
        here.wait(0.05)
        steps.append("first")
    other.join()
    assert steps == ["first", "second"]


def test_the_page_says_as_of_when_and_when_the_next_ones_come(
    app: Flask, room: StudyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = app.extensions["forum.settings.environment"].instance
    researcher = factories.administrator()
    client = app.test_client()
    factories.log_in(client, researcher)
    begin = clock.now().date()
    one = room.member()
    room.agree(one)

    def said() -> str:
        return client.get(f"/research/{room.slug}").text

    assert f"due on {begin + 7 * DAY:%-d %B %Y}" in said()
    long_ago(8 * DAY)
    figure_jobs.draw_due(instance)
    assert f"As of {begin:%-d %B %Y}" in said()
    assert f"on {begin + 6 * DAY:%-d %B %Y}" in said()
    assert "These figures are older" not in said()
    service.withdraw(one, room.slug, erase=True)  # figures beside these would show what was theirs
    long_ago(8 * DAY)
    moment = clock.now() + 7 * DAY
    monkeypatch.setattr(clock, "now", lambda: moment)
    figure_jobs.draw_due(instance)
    assert f"As of {begin:%-d %B %Y}" in said()
    assert "These figures are older" in said()
