"""Who moderates is told once a day how much waits, unless they want it otherwise or rest."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from forum.accounts.models import Account
from forum.core.db import transaction
from forum.groups.models import MEMBER, Membership
from forum.moderation.on_call import rota
from forum.moderation.queue import service as queue
from forum.notifications.digests import service as digests
from forum.notifications.notification_choices import DECISIONS, QUEUE_SUMMARIES
from forum.notifications.preferences import queries as preferences
from forum.notifications.preferences import service as choosing
from tests.support.worlds.meeting_room import Clock, moment
from tests.support.worlds.outbox_world import PostBox, send
from tests.support.worlds.queue_world import QueueWorld

__all__ = ["moment"]
ONE = "1 item is waiting in the moderation queue."


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> PostBox:
    """Return the only channel."""
    return PostBox().use(monkeypatch)


@pytest.fixture
def room(app: Flask, moment: Clock, box: PostBox) -> QueueWorld:
    """Return a group in which one report waits, in the evening of a Monday."""
    made = QueueWorld()
    for viewer in made.people.values():
        choosing.save(viewer, {"digests-email": "never"})
    made.report()
    moment.forward(hours=8)
    return made


def summaries(room: QueueWorld, moment: Clock, box: PostBox) -> dict[str, tuple[str, ...]]:
    """Return what each person is sent in the morning that comes."""
    moment.at = (moment.at + timedelta(days=1)).replace(hour=8, minute=5)
    for _leader in range(2):
        digests.enqueue_due()
    box.taken.clear()
    send()
    names = {viewer.id: name for name, viewer in room.people.items()}
    sent = {who: message for who, _key, message in box.taken if message.choice != DECISIONS}
    assert all(message.choice == QUEUE_SUMMARIES for message in sent.values())
    assert {message.address for message in sent.values()} <= {"/moderation"}
    return {names[who]: message.paragraphs for who, message in sent.items()}


def test_all_who_see_what_waits_are_told_how_much_each_day(
    room: QueueWorld, moment: Clock, box: PostBox
) -> None:
    team = {"facilitator", "moderator", "second", "administrator"}
    for _day in range(2):
        assert summaries(room, moment, box) == dict.fromkeys(team, (ONE,))
    queue.resolve(room["moderator"], room.reported().id, outcome="nothing")
    assert summaries(room, moment, box) == {}


def test_who_is_away_or_wants_none_gets_none(room: QueueWorld, moment: Clock, box: PostBox) -> None:
    choosing.save(room["moderator"], {"queue_summaries-email": "never"})
    choosing.save(room["facilitator"], {"queue_summaries-email": "weekly", "digest_day": "6"})
    with transaction() as session:
        session.get_one(Membership, (room["second"].id, room.group)).role = MEMBER
        session.execute(
            update(Account)
            .where(Account.id == room["administrator"].id)
            .values(suspended_until=moment.now() + timedelta(days=9))
        )
    assert summaries(room, moment, box) == {}


def test_nobody_is_reminded_in_their_break(room: QueueWorld, moment: Clock, box: PostBox) -> None:
    moment.forward(hours=6)
    rota.take_break(room["second"])
    moment.forward(days=-1)  # as `summaries` goes to the next morning
    assert "second" not in summaries(room, moment, box)
    assert "second" in summaries(room, moment, box)


def test_only_who_moderates_is_asked_how_often(room: QueueWorld) -> None:
    assert QUEUE_SUMMARIES in preferences.choices_of(room["facilitator"])
    assert QUEUE_SUMMARIES not in preferences.choices_of(room["other"])
