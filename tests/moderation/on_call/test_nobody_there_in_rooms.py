"""Who speaks of danger in a meeting reads the same as who writes it, unless a facilitator is in."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts.policy import Viewer
from forum.core import db
from forum.meetings.room import service as rooms
from forum.meetings.room.messages import private_notes
from forum.moderation.crisis_calls import service as calls
from forum.moderation.on_call import rota
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from tests.support import factories as make
from tests.support.text.form_warnings import DANGER
from tests.support.worlds.meeting_room import (
    Clock,
    Meeting,
    call,
    connect,
    moment,
    received,
)

__all__ = ["moment"]
NOBODY, SOMEBODY = "Nobody from the team is here just now", "Someone from the team has seen your"
JSON = {"Accept": "application/json"}


@pytest.fixture
def room(app: Flask, moment: Clock) -> Meeting:
    """Return a room that its facilitator has just left."""
    made = Meeting.made().opened()
    rooms.leave_room(made.fern, made.id)
    return made


def browser(app: Flask, who: Viewer) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en-GB,de-DE;q=0.5"
    make.log_in(client, who)
    return client


def note(app: Flask, room: Meeting, who: Viewer) -> str:
    db.release_session()
    found = browser(app, who).get(f"/meetings/{room.id}/team-note", headers=JSON)
    return str(found.get_json()["note"])


def item_of(room: Meeting) -> int:
    db.release_session()
    (found,) = [one for one in queue_queries.open_items(room.moss) if one.is_crisis]
    return found.id


@pytest.mark.parametrize("kind", ["message", "private note"])
def test_the_room_says_so_to_who_spoke_and_to_nobody_else(
    app: Flask, room: Meeting, kind: str
) -> None:
    author = room.members[0]
    if kind == "message":
        room.say(author, DANGER)
    else:
        private_notes.send_private_note(author, room.id, body=DANGER)
    assert NOBODY in note(app, room, author)
    page = browser(app, author).get(f"/meetings/{room.id}/room").text
    assert NOBODY in page
    assert "tel:116123" in page.replace(" ", "")
    assert "/help-now" in page
    for other in (room.members[1], room.moss, room.fern):
        assert NOBODY not in browser(app, other).get(f"/meetings/{room.id}/room").text
        assert note(app, room, other) == ""


def test_a_facilitator_in_the_room_is_somebody(app: Flask, room: Meeting, moment: Clock) -> None:
    author = room.members[0]
    rooms.enter_room(room.fern, room.id)
    room.say(author, DANGER)
    assert note(app, room, author) == ""
    moment.forward(minutes=3)  # her connection is gone, and she has not said that she leaves
    assert NOBODY in note(app, room, author)


def test_a_facilitator_in_danger_is_not_their_own_help(app: Flask, room: Meeting) -> None:
    rooms.enter_room(room.fern, room.id)
    room.say(room.fern, DANGER)
    assert NOBODY in note(app, room, room.fern)


def test_people_on_call_are_called_first_and_answer(
    app: Flask, room: Meeting, moment: Clock
) -> None:
    author = room.members[0]
    rota.take_shift(room.moss, room.group_id, moment.now(), 8)
    room.say(author, DANGER)
    assert note(app, room, author) == ""
    for _ in range(3):
        moment.forward(minutes=5)
        calls.make_due_calls()
    assert NOBODY in note(app, room, author)
    calls.acknowledge(room.moss, item_of(room))
    assert note(app, room, author) == ""
    moment.forward(hours=9)


def test_without_a_shift_who_comes_is_seen_and_what_is_resolved_is_over(
    app: Flask, room: Meeting, moment: Clock
) -> None:
    author = room.members[0]
    rota.take_shift(room.moss, room.group_id, moment.now() + timedelta(hours=6), 2)
    room.say(author, DANGER)
    assert "The next person is here from" in note(app, room, author)
    calls.acknowledge(room.moss, item_of(room))
    assert f"{SOMEBODY} message" in note(app, room, author)
    queue.resolve(room.moss, item_of(room), outcome="spoken")
    assert note(app, room, author) == ""


def test_every_door_answers_with_it(app: Flask, room: Meeting) -> None:
    author = room.members[0]
    app.config["WTF_CSRF_ENABLED"] = False
    client = browser(app, author)
    said = {"body": DANGER, "idempotency_key": "one"}
    answer = client.post(f"/meetings/{room.id}/messages", data=said, headers=JSON)
    assert NOBODY in answer.get_json()["note"]
    private = {"private_note": DANGER}
    answer = client.post(f"/meetings/{room.id}/private-notes", data=private, headers=JSON)
    assert NOBODY in answer.get_json()["note"]
    socket = connect(app, author)
    joined = call(socket, "meeting:join", meeting_id=room.id)
    assert NOBODY in joined["note"]
    words = {"meeting_id": room.id, "body": DANGER, "idempotency_key": "two"}
    assert NOBODY in call(socket, "meeting:say", **words)["note"]
    calm = {**words, "body": "I slept well.", "idempotency_key": "three"}
    assert "note" not in call(socket, "meeting:say", **calm)


def test_an_open_room_is_sent_word_and_only_that_of_who_spoke(app: Flask, room: Meeting) -> None:
    sockets = {who.id: connect(app, who) for who in (room.members[0], room.members[1])}
    for socket in sockets.values():
        call(socket, "meeting:join", meeting_id=room.id)
        socket.get_received()
    room.say(room.members[0], DANGER)
    calls.acknowledge(room.moss, item_of(room))
    heard = {who: received(socket, "meeting:note") for who, socket in sockets.items()}
    assert heard[room.members[0].id][-1] == {"meeting_id": room.id}
    assert heard[room.members[1].id] == []
