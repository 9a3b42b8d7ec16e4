"""What open pages hear when a conversation is moved, split or merged, and what they must not."""

from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIOTestClient

from forum.core import db
from forum.core.realtime.socket_events import socketio
from tests.support import factories as make
from tests.support.worlds.restructuring_world import (
    RestructuringWorld,
    restructuring_world,
    slug_of,
    thread_with_posts,
)


@pytest.fixture
def room(app: Flask) -> RestructuringWorld:
    return restructuring_world(there={"visibility": "approval"})


def listen(app: Flask, room: RestructuringWorld, who: str, thread: int) -> SocketIOTestClient:
    """Return somebody's socket with a thread open."""
    client = app.test_client()
    if who != "visitor":
        make.log_in(client, room.people[who])
    socket = socketio.test_client(app, flask_test_client=client)
    socket.emit("thread:join", {"thread_id": thread, "after": 0}, callback=True)
    socket.get_received()
    return socket


def heard(socket: SocketIOTestClient) -> list[tuple[str, dict[str, Any]]]:
    """Return what a socket has heard since, but for who is there."""
    return [
        (one["name"], one["args"][0])
        for one in socket.get_received()
        if one["name"] not in {"thread:present", "notification"}
    ]


def join(socket: SocketIOTestClient, thread: int, after: int) -> dict[str, Any]:
    """Ask what is new."""
    answer: dict[str, Any] = socket.emit(
        "thread:join", {"thread_id": thread, "after": after}, callback=True
    )
    return answer


def test_people_who_may_not_read_a_moved_thread_lose_it_with_a_message(
    app: Flask, room: RestructuringWorld
) -> None:
    thread, *_ = thread_with_posts(room, "one", "two")
    sockets = {who: listen(app, room, who, thread) for who in ("member", "both", "keeper")}
    room.act("keeper", "move", thread, slug_of(room.there))
    ((name, told),) = heard(sockets["member"])
    assert (name, told["to"]) == ("thread:moved", 0)
    assert "you can't read" in told["message"]
    for who in ("both", "keeper"):
        ((name, told),) = heard(sockets[who])
        assert (name, told["to"]) == ("thread:moved", thread)
    make.post(room.people["both"], thread, body="Only for those here")
    assert not heard(sockets["member"])
    assert [name for name, _ in heard(sockets["keeper"])] == ["post:created"]
    assert join(sockets["member"], thread, 2)["error"]["code"] == "not_found"


def test_other_threads_get_no_broadcast(app: Flask, room: RestructuringWorld) -> None:
    thread, _, two = thread_with_posts(room, "one", "two")
    other, *_ = thread_with_posts(room, "x")
    elsewhere = listen(app, room, "both", other)
    outside = listen(app, room, "neighbour", thread)
    visitor = listen(app, room, "visitor", thread)
    room.split("keeper", thread, [two])
    room.act("keeper", "move", thread, slug_of(room.there))
    assert not [heard(socket) for socket in (elsewhere, visitor, outside) if heard(socket)]


def test_a_page_that_comes_back_after_a_split_reloads(app: Flask, room: RestructuringWorld) -> None:
    thread, _, two, _ = thread_with_posts(room, "one", "two", "three")
    socket = listen(app, room, "member", thread)
    before = join(socket, thread, 0)["version"]
    room.split("keeper", thread, [two])
    ((name, told),) = heard(socket)
    assert (name, told["to"]) == ("thread:moved", thread)
    answer = join(socket, thread, before)
    assert answer["reload"]
    assert not answer["posts"]
    fresh = join(socket, thread, answer["version"])
    assert "reload" not in fresh
    assert two not in [post["id"] for post in join(socket, thread, 0)["posts"]]


def test_those_in_a_thread_that_became_part_of_another_are_led_there(
    app: Flask, room: RestructuringWorld
) -> None:
    older, *_ = thread_with_posts(room, "a1")
    newer, *_ = thread_with_posts(room, "b1")
    here, there = listen(app, room, "member", older), listen(app, room, "author", newer)
    row = room.act("keeper", "merge", newer, str(older))
    assert [told["to"] for _, told in heard(here)] == [older]
    assert [told["to"] for _, told in heard(there)] == [older]
    assert join(there, newer, 1)["error"]["code"] == "merged"
    room.undo("keeper", row)
    assert [told["to"] for _, told in heard(here)] == [older]
    assert [told["to"] for _, told in heard(there)] == [newer]
    db.release_session()
    assert join(there, newer, 1)["reload"]
