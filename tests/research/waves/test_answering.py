"""Answering: what is saved, by whom, in which order, and what can no longer be changed."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.policy import VISITOR, Viewer
from forum.core import clock, db
from forum.core.errors import Conflict, Invalid, LoginNeeded, NotFound
from forum.research import service as research
from forum.research.studies import planning
from forum.research.waves import item_pages, participant_waves, queries, service
from forum.research.waves.item_pages import Given
from forum.research.waves.models import (
    ANSWERED,
    COMPLETED,
    DECLINED,
    NOT_REACHED,
    InstrumentScore,
    ItemResponse,
    WavePrompt,
    WaveResponse,
)
from forum.research.waves.participant_waves import DUE, MISSED, UPCOMING
from tests.support import factories
from tests.support.research import wave_world
from tests.support.research.wave_world import WaveWorld


def phq(*items: int, value: int | None = 1) -> dict[tuple[str, str], Given]:
    given = Given(DECLINED) if value is None else Given(ANSWERED, value)
    return {("phq-9", str(item)): given for item in items}


def stored(world: WaveWorld, viewer: Viewer) -> dict[str, tuple[str, int | None]]:
    response = world.response(viewer)
    assert response is not None
    mine = ItemResponse.wave_response_id == response.id
    rows = db.current_session().scalars(select(ItemResponse).where(mine))
    return {row.item_id: (row.status, row.value) for row in rows}


def test_each_page_is_saved_by_itself_and_the_later_save_wins(app: Flask) -> None:
    world = wave_world.study()
    ash, slug = world.member(), world.room.slug
    assert world.state(ash) == DUE
    service.save_page(ash, slug, 0, 1, phq(1, 2))
    service.save_page(ash, slug, 0, 2, phq(6, value=None))  # another tab, further on
    service.save_page(ash, slug, 0, 1, phq(2, 3, value=2))  # an old tab, which knows no answer to 1
    now = stored(world, ash)
    assert (now["1"], now["2"], now["3"]) == ((ANSWERED, 1), (ANSWERED, 2), (ANSWERED, 2))
    assert (now["6"], now["10"]) == ((DECLINED, None), (NOT_REACHED, None))
    assert world.state(ash) == DUE


def test_a_completed_wave_is_scored_and_stays_as_it_is(app: Flask) -> None:
    world = wave_world.study(background=True)
    ash, slug = world.member(), world.room.slug
    world.answer(ash, value=2)
    response = world.response(ash)
    assert response is not None
    assert response.state == COMPLETED
    score = db.current_session().scalars(select(InstrumentScore)).one()
    locked = queries.locked_instruments(world.room.study_id)["phq-9"].instrument
    assert (score.instrument_id, score.value, score.answered, score.missing) == ("phq-9", 16, 9, 0)
    assert (score.version, score.content_hash) == (locked.version, locked.content_hash)
    with pytest.raises(Conflict, match="already finished"):
        service.save_page(ash, slug, 0, 3, phq(1))
    with pytest.raises(Conflict):
        service.decline_wave(ash, slug, 0)
    with pytest.raises(Conflict):
        service.snooze_wave(ash, slug, 0, 1)
    assert world.state(ash, 1) == UPCOMING
    with pytest.raises(Conflict, match="isn't open yet"):
        service.save_page(ash, slug, 1, 1, phq(1))


def test_a_declined_item_counts_as_missing(app: Flask) -> None:
    world = wave_world.study()
    ash, slug = world.member(), world.room.slug
    service.save_page(ash, slug, 0, 1, phq(1, 2, 3, 4, 5))
    service.save_page(ash, slug, 0, 2, {**phq(6, 7, value=None), **phq(8, 9, value=0)})
    assert service.save_page(ash, slug, 0, 3, phq(10)).is_completed
    score = db.current_session().scalars(select(InstrumentScore)).one()
    assert (score.value, score.answered, score.missing) == (None, 7, 2)
    db.release_session()


def test_not_this_time_closes_a_wave(app: Flask) -> None:
    world = wave_world.study()
    ash, slug = world.member(), world.room.slug
    service.save_page(ash, slug, 0, 1, phq(1))
    for _again in range(2):
        service.decline_wave(ash, slug, 0)
    assert world.state(ash) == DECLINED
    assert stored(world, ash)["1"] == (ANSWERED, 1)
    with pytest.raises(Conflict, match="skipped"):
        service.save_page(ash, slug, 0, 1, phq(2))


def test_what_no_item_asks_for_is_refused(app: Flask) -> None:
    world = wave_world.study(background=True)
    ash, slug = world.member(), world.room.slug
    wrong = [
        (1, phq(1)),
        (9, phq(1)),
        (3, phq(1, value=4)),
        (1, {("background", "age"): Given(ANSWERED, 99)}),
        (1, {("background", "gender_words"): Given(ANSWERED, None, "x" * 101)}),
    ]
    for page, given in wrong:
        with pytest.raises(Invalid):
            service.save_page(ash, slug, 0, page, given)
    with pytest.raises(Invalid):
        service.snooze_wave(ash, slug, 0, 400)
    assert world.response(ash) is None


def test_who_can_answer(app: Flask) -> None:
    world = wave_world.study()
    slug, stranger = world.room.slug, world.room.member()
    recorded = world.room.member()
    world.room.agree(recorded, "record")
    for person, refusal in (
        (VISITOR, LoginNeeded),
        (stranger, NotFound),
        (recorded, NotFound),
        (factories.person(), NotFound),
    ):
        with pytest.raises(refusal):
            service.save_page(person, slug, 0, 1, phq(1))
    ash = world.member()
    service.save_page(ash, slug, 0, 1, phq(1))
    research.withdraw(ash, slug, erase=False)
    assert world.state(ash) == MISSED
    with pytest.raises(Conflict, match="has closed"):
        service.save_page(ash, slug, 0, 1, phq(2))
    assert stored(world, ash)["1"] == (ANSWERED, 1)
    world.room.agree(ash, "record", "answer")
    assert world.state(ash) == DUE
    planning.close_study(world.room.study_id)
    assert world.state(ash) == MISSED


def test_erasing_takes_every_answer(app: Flask) -> None:
    world = wave_world.study()
    ash, birch = world.member(), world.member()
    for person in (ash, birch):
        world.answer(person)
    research.withdraw(ash, world.room.slug, erase=True)
    db.release_session()
    found = db.current_session().scalars(select(WaveResponse.participant)).all()
    assert found == [world.key(birch)]
    assert len(db.current_session().scalars(select(InstrumentScore)).all()) == 1
    assert len(db.current_session().scalars(select(ItemResponse)).all()) == 10
    assert not db.current_session().scalars(select(WavePrompt)).all()
    db.release_session()


def test_a_wave_stays_open_for_an_hour_after_an_answer(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = wave_world.study()
    ash, birch, slug = world.member(), world.member(), world.room.slug
    _view, own = participant_waves.own_wave(ash, slug, 0)
    closes_at = own.window.closes_at

    def at(minutes: int) -> None:
        db.release_session()
        monkeypatch.setattr(clock, "now", lambda: closes_at + timedelta(minutes=minutes))

    at(-5)
    service.save_page(ash, slug, 0, 1, phq(1))
    at(50)
    assert (world.state(ash), world.state(birch)) == (DUE, MISSED)
    service.save_page(ash, slug, 0, 1, phq(2))
    assert stored(world, ash)["2"] == (ANSWERED, 1)
    at(100)
    assert world.state(ash) == DUE  # an hour counts from the last answer
    at(111)
    assert world.state(ash) == MISSED
    with pytest.raises(Conflict, match="has closed"):
        service.save_page(ash, slug, 0, 1, phq(3))


def test_danger_is_noted_once_and_comes_last_on_its_page(app: Flask) -> None:
    world = wave_world.study()
    ash, slug = world.member(), world.room.slug
    wave = queries.wave_at(world.room.study_id, 0)
    found = item_pages.pages(queries.instruments_of_wave(wave))
    assert [[one.item.id for one in page] for page in found][1:] == [["6", "7", "8", "9"], ["10"]]
    assert not service.save_page(ash, slug, 0, 2, phq(6, 9, value=0)).needs_help
    assert service.save_page(ash, slug, 0, 2, phq(9)).needs_help
    assert not service.save_page(ash, slug, 0, 2, phq(6, 9)).needs_help
    assert service.save_page(ash, slug, 0, 2, phq(9, value=3)).needs_help
    response = world.response(ash)
    assert response is not None
    assert response.danger_at is not None
