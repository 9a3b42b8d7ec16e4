"""A meeting, the people in its room, and a clock that a test moves."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIOTestClient

from forum.accounts.policy import Viewer
from forum.core import clock, db, events
from forum.core.realtime.socket_events import socketio
from forum.meetings.room import queries as room_queries
from forum.meetings.room import service as rooms
from forum.meetings.room.messages import service as messages
from forum.meetings.room.queries import RoomView
from forum.moderation.actions import service as moderation
from forum.moderation.room_moderation import actions as room_acts
from tests.support import factories
from tests.support.worlds import copied_worlds

NOON = datetime(2031, 3, 3, 12, 0, tzinfo=UTC)


class Clock:
    """Stands still until a test moves it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        """Return the moment."""
        return self.at

    def forward(self, **much: float) -> datetime:
        """Move on, by `minutes` and the like, and return the moment."""
        self.at += timedelta(**much)
        return self.at


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return the forum's clock, standing at noon."""
    made = Clock()
    monkeypatch.setattr(clock, "now", made.now)
    return made


@dataclass
class Meeting:
    """A meeting that began at noon, its group and people; fern facilitates, moss moderates."""

    id: int = 0
    group_id: int = 0
    fern: Viewer = field(default_factory=Viewer)
    moss: Viewer = field(default_factory=Viewer)
    members: list[Viewer] = field(default_factory=list)

    @classmethod
    def made(cls, members: int = 3, **details: Any) -> "Meeting":
        """Return a scheduled meeting with its people."""
        if details:
            return cls._made(members, **details)
        return copied_worlds.world(f"meetingroom-{members}", lambda: cls._made(members))

    @classmethod
    def _made(cls, members: int, **details: Any) -> "Meeting":
        group_id = factories.group()
        fern, moss = factories.person(), factories.person()
        factories.join(fern, group_id, "facilitator")
        factories.join(moss, group_id, "moderator")
        people = [factories.join(factories.person(), group_id) for _ in range(members)]
        meeting_id = factories.meeting(group_id, **{"starts_at": clock.now(), **details})
        return cls(meeting_id, group_id, fern, moss, people)

    def opened(self) -> "Meeting":
        """Let fern come in, and everybody after her."""
        for viewer in (self.fern, *self.members):
            rooms.enter_room(viewer, self.id)
        return self

    def view(self, viewer: Viewer | None = None) -> RoomView:
        """Return the meeting as somebody meets it now."""
        db.release_session()
        return room_queries.room_for(viewer or self.fern, self.id)

    def say(self, viewer: Viewer, body: str, key: str = "", **more: str) -> int:
        """Say something in the room."""
        return messages.send_message(
            viewer, self.id, body=body, idempotency_key=key or body, **more
        )

    def act(self, viewer: Viewer, name: str, whom: Viewer) -> None:
        """Mute somebody in the room, send them out, or take that back, as in the log."""
        room_acts.act_on(viewer, self.id, whom.id or 0, name)


def hide(viewer: Viewer, message_id: int) -> None:
    """Hide what was said."""
    moderation.take_action(viewer, "hide_message", message_id)


def restore(viewer: Viewer, message_id: int) -> None:
    """Show again what was hidden."""
    moderation.take_action(viewer, "restore_message", message_id)


def connect(app: Flask, viewer: Viewer) -> SocketIOTestClient:
    """Return somebody's socket."""
    client = app.test_client()
    factories.log_in(client, viewer)
    return socketio.test_client(app, flask_test_client=client)


def call(socket: SocketIOTestClient, event: str, **fields: Any) -> dict[str, Any]:
    """Emit an event, and return its acknowledgement."""
    answer: dict[str, Any] = socket.emit(event, fields, callback=True)
    return answer


def received(socket: SocketIOTestClient, name: str) -> list[dict[str, Any]]:
    """Return what a socket has been told by one kind of event since it was asked last."""
    received = socket.get_received() if socket.is_connected() else []
    return [message["args"][0] for message in received if message["name"] == name]


@dataclass
class AnnouncedEvents:
    """What was announced while a test ran, committed or not."""

    events: list[Any] = field(default_factory=list)

    def of(self, kind: type) -> list[Any]:
        """Return the announced events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> AnnouncedEvents:
    """Return what follows as committed events."""
    made = AnnouncedEvents()
    before = events.after_commit

    def after_commit(committed: Any) -> None:
        made.events += committed
        before(committed)

    monkeypatch.setattr(events, "after_commit", after_commit)
    return made


@pytest.fixture
def room(app: Flask) -> Meeting:
    """Return a meeting that is open, with everybody in it."""
    return Meeting.made().opened()


def join(socket: Any, room: Meeting, after: int = 0) -> dict[str, Any]:
    """Join, and return the answer."""
    answer = call(socket, "meeting:join", meeting_id=room.id, after=after)
    assert answer["ok"], answer
    socket.get_received()
    return answer
