"""A month of nights in which people answer or sleep: who waits in vain, and who is told so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pytest
from flask import Flask

from forum import wiring
from forum.core import db, events
from forum.moderation.crisis_calls import nobody_there
from forum.moderation.crisis_calls import service as calls
from forum.moderation.crisis_calls.events import PeopleCalled
from forum.moderation.on_call import rota
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from tests.support import factories as make
from tests.support.suite.thoroughness import EVERY_CASE
from tests.support.worlds.meeting_room import Clock, moment
from tests.support.worlds.queue_world import QueueWorld

__all__ = ["moment"]
NIGHTS = 30
STEP_S, WATCHED_MINUTES = 60, 25
# How likely somebody wakes at one call; whoever wakes looks within a few minutes.
ON_DUTY, ASLEEP = 0.7, 0.1
LOOKS_WITHIN_S = (30, 240)
# What is asked of the database here, test_crisis_calls.py asks of both.
ON_DATABASES = pytest.mark.parametrize(
    "database_url", ["sqlite", *(["postgresql"] if EVERY_CASE else [])], indirect=True
)


@dataclass
class Night:
    """What came of one alert: after how many minutes somebody was there, and the writer told."""

    there: float | None
    told: float | None


@pytest.fixture
def room(app: Flask, moment: Clock) -> QueueWorld:
    return QueueWorld()


@pytest.fixture
def called(app: Flask) -> Iterator[list[PeopleCalled]]:
    """Return who is called, as it happens."""
    heard: list[PeopleCalled] = []
    within = dict(wiring.WITHIN_TRANSACTION)
    within[PeopleCalled] = [*within[PeopleCalled], heard.append]
    events.subscribe(within, wiring.AFTER_COMMIT)
    yield heard
    events.subscribe(wiring.WITHIN_TRANSACTION, wiring.AFTER_COMMIT)


def alert(
    room: QueueWorld,
    moment: Clock,
    called: list[PeopleCalled],
    chance: Random,
    wakes: dict[str, float],
) -> Night:
    """Let somebody write in despair, and time go by until somebody is there."""
    called.clear()
    author_id = room["author"].id or 0
    post = make.post(room["author"], room.thread, body="I don't want to live any more.").id
    begin, night = moment.now(), Night(None, None)
    names = {viewer.id: name for name, viewer in room.people.items()}
    looks = dict[str, float]()
    for second in range(0, WATCHED_MINUTES * 60, STEP_S):
        moment.at = begin + timedelta(seconds=second)
        calls.make_due_calls()
        while called:
            for name in (names[account_id] for account_id in called.pop().account_ids):
                if name not in looks and chance.random() < wakes.get(name, 0):
                    looks[name] = second + chance.uniform(*LOOKS_WITHIN_S)
        db.release_session()
        team = nobody_there.team_for(author_id, [post]).get(post)
        if night.told is None and team is not None and not team.is_there:
            night.told = second / 60
        awake = [name for name, at in looks.items() if at <= second]
        if awake:
            item = next(
                one for one in queue_queries.open_items(room[awake[0]]) if one.target_id == post
            )
            calls.acknowledge(room[awake[0]], item.id)
            night.there = second / 60
            queue.resolve(room[awake[0]], item.id, outcome="spoken")
            break
    return night


def month(
    room: QueueWorld, moment: Clock, called: list[PeopleCalled], *, staffed: bool
) -> list[Night]:
    chance, nights = Random(18), list[Night]()
    wakes = dict.fromkeys(("second", "moderator", "administrator"), ASLEEP)
    if staffed:
        wakes["second"] = ON_DUTY
    evening = moment.now()
    for night in range(NIGHTS):
        moment.at = evening + timedelta(days=night, hours=10)
        if staffed:
            rota.take_shift(room["second"], room.group, moment.now(), 8)
        nights.append(alert(room, moment, called, chance, wakes))
    return nights


@ON_DATABASES
def test_with_somebody_on_call_a_human_is_there_within_15_minutes(
    room: QueueWorld, moment: Clock, called: list[PeopleCalled]
) -> None:
    nights = month(room, moment, called, staffed=True)
    in_time = [night for night in nights if night.there is not None and night.there <= 15]
    assert len(in_time) >= 0.95 * len(nights)
    for night in nights:
        assert night.there is not None or night.told is not None


@ON_DATABASES
def test_with_nobody_on_call_every_writer_is_told_within_5_minutes(
    room: QueueWorld, moment: Clock, called: list[PeopleCalled]
) -> None:
    nights = month(room, moment, called, staffed=False)
    assert all(night.told is not None and night.told <= 5 for night in nights)
    assert any(night.there is None for night in nights), "some nights everybody sleeps"
