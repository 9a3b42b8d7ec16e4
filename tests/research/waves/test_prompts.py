"""Invitations and reminders: when, how often, and who must not be sent any."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.core.db import transaction
from forum.notifications.models import Notification
from forum.notifications.preferences.models import NotificationSettings
from forum.research import service as research
from forum.research.studies import planning
from forum.research.waves import prompts, service
from forum.research.waves.item_pages import Given
from forum.research.waves.models import ANSWERED, INVITATION, REMINDER
from tests.support.research import wave_world
from tests.support.research.wave_world import WaveWorld

INVITED, FIRST, SECOND = (INVITATION, 0), (REMINDER, 1), (REMINDER, 2)
START = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set the clock to so many days after somebody agreed."""

    def set_clock(days: float) -> None:
        db.release_session()
        monkeypatch.setattr(clock, "now", lambda: START + timedelta(days=days))

    set_clock(0)
    return set_clock


def notified(viewer: Viewer) -> int:
    db.release_session()
    mine = select(Notification.id).where(
        Notification.account_id == viewer.id, Notification.type == "wave_due"
    )
    found = db.current_session().scalars(mine).all()
    db.release_session()
    return len(found)


def run(at: Callable[[float], None], until: int, start: int = 0) -> None:
    """Send what is due, every six hours of some days."""
    for quarter in range(start * 4, until * 4 + 1):
        at(quarter / 4)
        prompts.send_due()


def test_an_invitation_and_two_reminders_and_no_more(
    app: Flask, at: Callable[[float], None]
) -> None:
    world = wave_world.study()
    ash = world.member()
    run(at, 0)
    assert world.prompts(ash) == []  # who has just agreed is led there
    run(at, 3)
    assert (world.prompts(ash), notified(ash)) == ([INVITED], 1)
    run(at, 4, 3)
    assert world.prompts(ash) == [INVITED, FIRST]
    run(at, 13, 4)
    assert len(world.prompts(ash)) == 2  # the first wave closed before its second reminder
    run(at, 60, 13)
    assert len(world.prompts(ash)) == 5


def _answer(world: WaveWorld, viewer: Viewer) -> None:
    world.answer(viewer)


def _decline(world: WaveWorld, viewer: Viewer) -> None:
    service.decline_wave(viewer, world.room.slug, 0)


def _snooze(world: WaveWorld, viewer: Viewer) -> None:
    service.snooze_wave(viewer, world.room.slug, 0, 7)


def _danger(world: WaveWorld, viewer: Viewer) -> None:
    service.save_page(viewer, world.room.slug, 0, 2, {("phq-9", "9"): Given(ANSWERED, 1)})


def _break(_world: WaveWorld, viewer: Viewer) -> None:
    with transaction() as session:
        ends = START + timedelta(days=90)
        session.add(NotificationSettings(account_id=viewer.id, zone="UTC", break_until=ends))


def _withdraw(world: WaveWorld, viewer: Viewer) -> None:
    research.withdraw(viewer, world.room.slug, erase=False)


def _erase(world: WaveWorld, viewer: Viewer) -> None:
    research.withdraw(viewer, world.room.slug, erase=True)


def _take_back(world: WaveWorld, viewer: Viewer) -> None:
    world.room.agree(viewer, "record")


def _close(world: WaveWorld, _viewer: Viewer) -> None:
    planning.close_study(world.room.study_id)


QUIET = [_answer, _decline, _snooze, _danger, _break, _withdraw, _erase, _take_back, _close]


@pytest.mark.parametrize("act", QUIET)
def test_who_is_sent_nothing(
    app: Flask, at: Callable[[float], None], act: Callable[[WaveWorld, Viewer], None]
) -> None:
    world = wave_world.study()
    ash, birch = world.member(), world.member()
    act(world, ash)
    run(at, 2)
    assert notified(ash) == 0
    assert notified(birch) == (0 if act is _close else 1)


@pytest.mark.parametrize(("act", "days"), [(_snooze, 7.25), (_danger, 3.25)])
def test_what_was_put_off_comes_later(
    app: Flask,
    at: Callable[[float], None],
    act: Callable[[WaveWorld, Viewer], None],
    days: float,
) -> None:
    world = wave_world.study()
    ash = world.member()
    act(world, ash)
    at(days - 1)
    prompts.send_due()
    assert world.prompts(ash) == []
    at(days)
    prompts.send_due()
    at(days + 0.1)
    prompts.send_due()
    assert world.prompts(ash) == [INVITED]


def test_a_finished_wave_is_no_longer_in_the_list(app: Flask, at: Callable[[float], None]) -> None:
    world = wave_world.study()
    ash = world.member()
    run(at, 1)
    assert notified(ash) == 1
    world.answer(ash)
    run(at, 10, 1)
    assert world.prompts(ash) == [INVITED]


def test_a_clock_set_back_sends_nothing_twice(app: Flask, at: Callable[[float], None]) -> None:
    world = wave_world.study()
    ash = world.member()
    for days in (1, 0.2, 1, 4, 1, 4):
        at(days)
        prompts.send_due()
    assert world.prompts(ash) == [INVITED, FIRST]


def test_workers_at_once_send_each_prompt_once(app: Flask, at: Callable[[float], None]) -> None:
    world = wave_world.study()
    ash = world.member()
    at(1)

    def work() -> None:
        with app.app_context():
            prompts.send_due()
            db.release_session()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (world.prompts(ash), notified(ash)) == ([INVITED], 1)


def test_in_the_zone_where_they_are(app: Flask, at: Callable[[float], None]) -> None:
    world = wave_world.study()
    ash = world.member()
    research.set_time_zone(ash, world.room.slug, "Pacific/Auckland")  # 13 hours ahead
    for hours, expected in ((24, 0), (33 - 1, 0), (33 + 1, 1)):
        at(hours / 24)
        prompts.send_due()
        assert len(world.prompts(ash)) == expected
