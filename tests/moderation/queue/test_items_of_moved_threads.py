"""What waits about a thread follows it to the moderators of its new group."""

import pytest
from flask import Flask
from sqlalchemy import select

from forum.core import db
from forum.core.db import current_session
from forum.groups.models import Group
from forum.moderation.actions import service as moderation
from forum.moderation.crisis_calls import service as calls
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.moderation.queue import triggers
from forum.moderation.queue.item_view import ItemView
from forum.notifications import queries as notifications
from tests.support import factories as make
from tests.support.worlds.queue_world import QueueWorld


@pytest.fixture
def room(app: Flask) -> QueueWorld:
    """Return a group of which `second` and the author are in another, which `elsewhere` leads."""
    made = QueueWorld()
    there = make.group()
    for name, role in (("second", "moderator"), ("elsewhere", "moderator"), ("author", "member")):
        make.join(made[name], there, role)
    made.people["host"] = made["elsewhere"]
    vars(made)["there"] = there
    return made


def move(room: QueueWorld) -> None:
    slug = current_session().scalar(select(Group.slug).where(Group.id == vars(room)["there"]))
    moderation.take_action(room["second"], "move", room.thread, value=slug or "")
    db.release_session()


def item(room: QueueWorld, who: str) -> ItemView | None:
    db.release_session()
    found = [one for one in queue_queries.open_items(room[who]) if one.target_id == room.post]
    return found[0] if found else None


def told(room: QueueWorld, who: str) -> list[str]:
    return [line.type for line in notifications.lines(room[who]) if not line.read]


def test_its_new_moderators_see_it_and_hear_of_it_and_the_old_ones_do_not(
    room: QueueWorld,
) -> None:
    room.report(reason="abuse")
    assert "urgent_report" in told(room, "moderator")
    assert item(room, "host") is None
    move(room)
    assert item(room, "host") is not None
    assert item(room, "moderator") is None
    assert "urgent_report" not in told(room, "moderator")


def test_a_claim_holds_where_its_owner_moderates_too(room: QueueWorld) -> None:
    room.report()
    queue.claim(room["second"], room.reported().id)
    move(room)
    found = item(room, "host")
    assert found is not None
    assert found.claimed_by_id == room["second"].id


def test_a_claim_of_somebody_else_ends(room: QueueWorld) -> None:
    room.report()
    queue.claim(room["facilitator"], room.reported().id)
    move(room)
    found = item(room, "host")
    assert found is not None
    assert found.claimed_by_id is None
    assert queue_queries.item_for(room["host"], found.id).handover_note


def test_a_crisis_calls_the_new_moderators_whoever_was_there_before(room: QueueWorld) -> None:
    triggers.add_crisis_alert(room.risk())
    found = item(room, "moderator")
    assert found is not None
    calls.acknowledge(room["moderator"], found.id)
    move(room)
    assert "crisis" in told(room, "host")
    calls.make_due_calls()
    moved = item(room, "host")
    assert moved is not None
    assert moved.there == ()


def test_what_was_resolved_goes_along(room: QueueWorld) -> None:
    room.report()
    queue.resolve(room["moderator"], room.reported().id, outcome="nothing")
    move(room)
    for who, sees in (("host", True), ("moderator", False)):
        resolved = [one.target_id for one in queue_queries.resolved_items(room[who])]
        assert (room.post in resolved) == sees
