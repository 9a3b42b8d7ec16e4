"""The writer is told at once that nobody of the team is there; nothing is held back."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.core import db
from forum.core.realtime.socket_events import socketio
from forum.moderation.crisis_calls import nobody_there
from forum.moderation.crisis_calls import service as calls
from forum.moderation.on_call import rota
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from tests.support import factories as make
from tests.support.worlds.meeting_room import Clock, moment
from tests.support.worlds.queue_world import QueueWorld

__all__ = ["moment"]
DANGER = "I don't want to live any more."
NOBODY, SOMEBODY = "Nobody from the team is here just now", "Someone from the team has seen your"


@pytest.fixture
def room(app: Flask, moment: Clock) -> QueueWorld:
    return QueueWorld()


@pytest.fixture
def author(app: Flask, room: QueueWorld) -> FlaskClient:
    """Return the browser of who writes, in Germany."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en-GB,de-DE;q=0.5"
    make.log_in(client, room["author"])
    return client


def write(room: QueueWorld, client: FlaskClient, body: str = DANGER, **more: str) -> Any:
    """Post a reply as a program does, and return the answer."""
    page = client.get(f"/threads/{room.thread}").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    return client.post(
        f"/threads/{room.thread}/replies",
        data={"body": body, "csrf_token": token, **more},
        headers={"Accept": "application/json"},
    ).get_json()


def item_id(room: QueueWorld) -> int:
    db.release_session()
    return next(one.id for one in queue_queries.open_items(room["moderator"]) if one.is_crisis)


def note(client: FlaskClient, post_id: int) -> str:
    return str(client.get(f"/posts/{post_id}/team-note").get_json()["note"])


def test_the_answer_and_the_page_say_so_at_once_and_only_to_the_writer(
    app: Flask, room: QueueWorld, author: FlaskClient
) -> None:
    answer = write(room, author)
    assert NOBODY in answer["note"]
    assert "We can&#39;t say when someone will be." in answer["note"]
    assert "tel:116123" in answer["note"].replace(" ", "")
    assert "/help-now" in answer["note"]
    assert NOBODY in author.get(f"/threads/{room.thread}").text
    json = {"Accept": "application/json"}
    posts = author.get(f"/threads/{room.thread}", headers=json).get_json()["posts"]
    assert [NOBODY in post.get("note", "") for post in posts if post["id"] == answer["id"]] == [
        True
    ]
    for name in ("other", "moderator", "administrator"):
        reader = app.test_client()
        make.log_in(reader, room[name])
        page = reader.get(f"/threads/{room.thread}").text
        assert "live any more" in page
        assert "Nobody from the team" not in page
        assert reader.get(f"/posts/{answer['id']}/team-note").status_code == 403


def test_calm_words_have_no_note(room: QueueWorld, author: FlaskClient) -> None:
    assert "note" not in write(room, author, "I slept well.")


def test_it_says_from_when_on_somebody_is_there(
    room: QueueWorld, author: FlaskClient, moment: Clock
) -> None:
    elsewhere = room["elsewhere"]
    theirs = rota.moderated_groups(elsewhere)[0][0]
    rota.take_shift(elsewhere, theirs, moment.now() + timedelta(hours=1), 2)
    rota.take_shift(room["second"], room.group, moment.now() + timedelta(hours=6), 2)
    rota.take_shift(room["moderator"], room.group, moment.now() + timedelta(hours=3), 2)
    told = write(room, author)["note"]
    assert "The next person is here from" in told
    assert 'datetime="2031-03-03T15:00' in told


def test_while_people_on_call_are_called_nothing_is_said_and_then_it_is(
    room: QueueWorld, author: FlaskClient, moment: Clock
) -> None:
    rota.take_shift(room["second"], room.group, moment.now(), 8)
    answer = write(room, author)
    assert "note" not in answer
    for _ in range(3):
        moment.forward(minutes=5)
        assert note(author, answer["id"]) == ""
        calls.make_due_calls()
    assert NOBODY in note(author, answer["id"])


def test_a_shift_that_ends_without_an_answer_leaves_nobody_in_the_dark(
    room: QueueWorld, author: FlaskClient, moment: Clock
) -> None:
    rota.take_shift(room["second"], room.group, moment.now() - timedelta(minutes=59), 1)
    answer = write(room, author)
    moment.forward(minutes=2)
    assert NOBODY in note(author, answer["id"])


@pytest.mark.parametrize("act", ["here", "claim"])
def test_when_somebody_comes_the_writer_reads_it(
    room: QueueWorld, author: FlaskClient, moment: Clock, act: str
) -> None:
    answer = write(room, author)
    moment.forward(minutes=1)
    if act == "here":
        calls.acknowledge(room["moderator"], item_id(room))
    else:
        queue.claim(room["moderator"], item_id(room))
    assert SOMEBODY in note(author, answer["id"])
    queue.resolve(room["moderator"], item_id(room), outcome="spoken")
    assert note(author, answer["id"]) == ""


def test_an_open_page_is_told_to_ask_again(
    app: Flask, room: QueueWorld, author: FlaskClient
) -> None:
    sockets = {}
    for name in ("author", "other"):
        client = author if name == "author" else app.test_client()
        make.log_in(client, room[name])
        sockets[name] = socketio.test_client(app, flask_test_client=client)
        sockets[name].emit("thread:join", {"thread_id": room.thread, "after": 0}, callback=True)
        sockets[name].get_received()
    answer = write(room, author)
    calls.acknowledge(room["moderator"], item_id(room))
    heard = {
        name: [one["args"][0] for one in socket.get_received() if one["name"] == "post:note"]
        for name, socket in sockets.items()
    }
    assert heard["other"] == []
    assert heard["author"][-1] == {"thread_id": room.thread, "id": answer["id"]}


def test_a_report_of_others_tells_its_author_nothing(room: QueueWorld) -> None:
    room.report(reason="harm_self")
    assert nobody_there.team_for(room["author"].id or 0, [room.post]) == {}
