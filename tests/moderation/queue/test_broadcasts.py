"""Who hears of the queue over a socket, and what; and what a moderator may not see on an item."""

import re
from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIOTestClient

from forum.accounts import service as accounts
from forum.core import clock
from forum.core.db import transaction
from forum.core.realtime.socket_events import socketio
from forum.moderation.queue import item_detail
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.moderation.queue import triggers as queue_triggers
from forum.moderation.queue.sockets import CATCH_UP_MAX
from forum.moderation.queue_items import transitions
from forum.moderation.queue_items.transitions import NewItem
from forum.threads import service as threads
from tests.support import factories as make
from tests.support.worlds.queue_world import QueueWorld


@pytest.fixture
def room(app: Flask) -> QueueWorld:
    return QueueWorld()


def listen(app: Flask, room: QueueWorld, name: str) -> SocketIOTestClient:
    """Return somebody's socket, which has asked to follow the queue."""
    client = app.test_client()
    make.log_in(client, room[name])
    socket = socketio.test_client(app, flask_test_client=client)
    socket.emit("queue:join", {"after": 0}, callback=True)
    socket.get_received()
    return socket


def heard(socket: SocketIOTestClient) -> list[dict[str, Any]]:
    """Return what came of the queue since the last question."""
    return [one["args"][0] for one in socket.get_received() if one["name"] == "queue:changed"]


def test_each_change_is_broadcast_to_people_who_may_see_the_item(
    app: Flask, room: QueueWorld
) -> None:
    sockets = {name: listen(app, room, name) for name in room.people}
    room.report()
    item = room.reported()
    told = {name for name, socket in sockets.items() if heard(socket)}
    assert told == {"facilitator", "moderator", "second", "administrator"}
    queue.claim(room["moderator"], item.id)
    for name, socket in sockets.items():
        changes = heard(socket)
        assert [one["id"] for one in changes] == [item.id] * (name in told)
        assert all(set(one) == {"id", "version"} for one in changes)
    queue_triggers.add_crisis_alert(room.risk())
    assert {name for name, socket in sockets.items() if heard(socket)} == told - {"facilitator"}


def test_the_person_concerned_gets_no_broadcast(app: Flask, room: QueueWorld) -> None:
    post = make.post(room["moderator"], room.thread).id
    socket, other = listen(app, room, "moderator"), listen(app, room, "second")
    pages = app.test_client()
    make.log_in(pages, room["moderator"])
    version = re.compile(r'data-version="\d+"')
    before = socket.emit("queue:join", {"after": 0}, callback=True)
    page = version.findall(pages.get("/moderation").text)
    room.report(post=post)
    assert heard(socket) == []
    assert heard(other)
    answer = socket.emit("queue:join", {"after": 0}, callback=True)
    assert answer == before
    assert version.findall(pages.get("/moderation").text) == page
    assert answer["ok"]
    assert [one for one in answer["items"] if "Reported" in one.get("html", "")] == []


def test_the_catch_up_answers_what_was_missed_each_item_once(app: Flask, room: QueueWorld) -> None:
    socket = listen(app, room, "second")
    before = queue_queries.last_version(room["second"])
    room.report()
    item = room.reported()
    queue.claim(room["moderator"], item.id)
    answer = socket.emit("queue:join", {"after": before}, callback=True)
    assert [one["id"] for one in answer["items"]] == [item.id]
    assert "moderatorone has this" in answer["items"][0]["html"]
    queue.resolve(room["moderator"], item.id, outcome="acted")
    answer = socket.emit("queue:join", {"after": answer["version"]}, callback=True)
    assert [one.get("gone") for one in answer["items"]] == [True]
    assert socket.emit("queue:join", {"after": answer["version"]}, callback=True)["items"] == []


def test_past_a_hundred_changes_the_page_is_loaded_again(app: Flask, room: QueueWorld) -> None:
    with transaction() as session:
        for n in range(CATCH_UP_MAX + 1):
            matter = NewItem("report", "post", 10_000 + n, room.group, None, 2)
            transitions.add_item(session, matter, clock.now())
    client = app.test_client()
    make.log_in(client, room["moderator"])
    socket = socketio.test_client(app, flask_test_client=client)
    answer = socket.emit("queue:join", {"after": 0}, callback=True)
    assert (answer["reload"], answer["items"]) == (True, [])


def test_an_item_shows_its_target_by_the_one_rule(room: QueueWorld) -> None:
    room.report()
    item = room.reported()
    thing = item_detail.detail_of(room["moderator"], item)
    assert [(one["id"], one["is_target"]) for one in thing.posts][-1] == (room.post, True)
    assert "Sharp words" in str(thing.posts[-1]["html"])
    accounts.mute(room["moderator"], room["author"].id or 0)
    apart = item_detail.detail_of(room["moderator"], item)
    assert apart.posts == []
    assert "hand it over" in apart.missing
    accounts.block(room["author"], room["second"].id or 0)
    assert item_detail.detail_of(room["second"], item).posts
    threads.hide_post(room["second"], room.post)
    assert item_detail.detail_of(room["second"], item).hidden
    threads.delete_post(room["author"], room.post)
    assert "deleted" in item_detail.detail_of(room["second"], item).missing
