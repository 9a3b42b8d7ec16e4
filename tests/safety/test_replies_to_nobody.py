"""A reply to a moderator who is there no longer reaches the others, and never nobody."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, update

from forum.accounts.models import Account
from forum.core import clock, db
from forum.core.db import transaction
from forum.groups.models import MEMBER, Membership
from forum.groups.queries import group_by_id
from forum.moderation.on_call import rota
from forum.notifications import queries as notifications
from forum.safety import service as safety
from tests.support.worlds.queue_world import QueueWorld

TEAM = {"facilitator", "second"}


@pytest.fixture
def room(app: Flask) -> QueueWorld:
    return QueueWorld()


def write(room: QueueWorld) -> int:
    """Return a care message of `moderator` to `author`."""
    author = room["author"].id or 0
    slug = group_by_id(room["author"], room.group).slug
    return safety.send_care_message(room["moderator"], slug, author, body="How are you?")


def told(room: QueueWorld) -> dict[str, str]:
    """Return who is told of a reply, and how."""
    db.release_session()
    return {
        name: line.type
        for name, viewer in room.people.items()
        for line in notifications.lines(viewer)
        if line.type.startswith("care_") and line.type != "care_message" and not line.read
    }


def change(room: QueueWorld, name: str, **values: object) -> None:
    with transaction() as session:
        session.execute(update(Account).where(Account.id == room[name].id).values(**values))


def suspended(room: QueueWorld) -> None:
    change(room, "moderator", suspended_until=clock.now() + timedelta(days=3))


def demoted(room: QueueWorld) -> None:
    with transaction() as session:
        session.get_one(Membership, (room["moderator"].id, room.group)).role = MEMBER


def gone(room: QueueWorld) -> None:
    with transaction() as session:
        session.execute(delete(Account).where(Account.id == room["moderator"].id))


def test_who_wrote_hears_of_the_reply_while_they_moderate(room: QueueWorld) -> None:
    note = write(room)
    safety.answer_care_message(room["author"], note, "Not well")
    assert told(room) == {"moderator": "care_message_answered"}


@pytest.mark.parametrize("away", [suspended, demoted, gone])
def test_after_that_the_other_moderators_hear_of_it(
    room: QueueWorld, away: Callable[[QueueWorld], None]
) -> None:
    note = write(room)
    away(room)
    safety.answer_care_message(room["author"], note, "Not well")
    assert told(room) == dict.fromkeys(TEAM, "care_reply_to_team")
    safety.answer_care_message(room["author"], note, "Are you there?")
    assert told(room) == dict.fromkeys(TEAM, "care_reply_to_team")


def test_who_is_on_call_hears_of_it_alone(room: QueueWorld) -> None:
    note = write(room)
    suspended(room)
    rota.take_shift(room["second"], room.group, clock.now(), 2)
    safety.answer_care_message(room["author"], note, "Not well")
    assert set(told(room)) == {"second"}


def test_who_rests_is_spared_and_somebody_always_hears_of_it(room: QueueWorld) -> None:
    note = write(room)
    suspended(room)
    rota.take_break(room["second"])
    safety.answer_care_message(room["author"], note, "Not well")
    assert set(told(room)) == {"facilitator"}
    rota.take_break(room["facilitator"])
    safety.answer_care_message(room["author"], note, "Hello?")
    assert set(told(room)) == {"administrator"}
    rota.take_break(room["administrator"])
    safety.answer_care_message(room["author"], note, "Hello?")
    assert set(told(room)) == {"administrator", *TEAM}


def test_who_replies_hears_nothing_of_it_as_a_moderator(room: QueueWorld) -> None:
    note = write(room)
    demoted(room)
    with transaction() as session:
        session.get_one(Membership, (room["author"].id, room.group)).role = "moderator"
    safety.answer_care_message(room["author"], note, "Not well")
    assert set(told(room)) == TEAM
