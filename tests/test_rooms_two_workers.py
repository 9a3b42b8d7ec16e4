"""A meeting whose people are connected to different processes of the forum."""

import time
from typing import Any

import socketio

from forum.core import clock, db
from tests import factories
from tests.opsroom import Opsroom, furnish
from tests.servers import Server
from tests.test_ops_two_workers import environ, two

__all__ = ["environ", "two"]


def meeting_in(server: Server, room: Opsroom) -> int:
    """Make the first person a facilitator of a new group, and return a meeting that begins now."""
    db.bind(
        server.environ.get("FORUM_DATABASE_URL", f"sqlite:///{server.instance / 'forum.sqlite3'}")
    )
    group_id = factories.group()
    for number, person in enumerate(room.people):
        factories.join(person, group_id, "member" if number else "facilitator")
    made = factories.meeting(group_id, starts_at=clock.now())
    db.done_reading()
    db.engine().dispose()
    return made


def enter(server: Server, room: Opsroom, who: int, meeting_id: int) -> socketio.SimpleClient:
    """Return somebody's socket, in the room."""
    browser = socketio.SimpleClient(reconnection=False)
    browser.connect(server.url, headers={"Cookie": room.cookies[who]}, transports=["websocket"])
    answer = browser.call("meeting:join", {"meeting_id": meeting_id, "after": 0})
    assert answer["inside"], answer
    return browser


def heard(browser: socketio.SimpleClient, event: str, seconds: float = 10) -> dict[str, Any] | None:
    """Return the next event of a kind, or None when there is none in time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            name, told = browser.receive(timeout=max(0.01, ends - time.monotonic()))
        except socketio.exceptions.TimeoutError:
            return None
        if name == event:
            return dict(told)
    return None


def test_people_in_two_processes_are_in_one_room(two: tuple[Server, Server]) -> None:
    one, other = two
    room = furnish(one, 3)
    meeting_id = meeting_in(one, room)
    fern = enter(one, room, 0, meeting_id)
    wren, robin = (enter(other, room, who, meeting_id) for who in (1, 2))
    where = {"meeting_id": meeting_id}
    said = wren.call("meeting:say", {**where, "body": "Hello", "idempotency_key": "one"})
    message = heard(fern, "meeting:message")
    assert message
    assert message["id"] == said["id"]
    present = fern.call("meeting:join", {**where, "after": 0})["present"]
    assert present == ["writer0", "writer1", "writer2"]
    sent_out = {**where, "account_id": room.people[1].id, "act": "remove"}
    assert fern.call("meeting:person", sent_out)["ok"]
    you = heard(wren, "meeting:you")
    assert you
    assert you["removed"]
    fern.call("meeting:say", {**where, "body": "Let us go on", "idempotency_key": "two"})
    message = heard(robin, "meeting:message")
    while message and "go on" not in message["html"]:
        message = heard(robin, "meeting:message")
    assert message
    assert heard(wren, "meeting:message", 0.5) is None
    assert fern.call("meeting:close", where)["state"] == "closing"
    state = heard(robin, "meeting:state")
    assert state
    assert state["state"] == "closing"
    assert heard(wren, "meeting:state", 0.5) is None
    for browser in (fern, wren, robin):
        browser.disconnect()
