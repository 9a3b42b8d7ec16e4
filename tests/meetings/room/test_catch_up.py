"""Rule 4 in a room: whatever happens in between, each client's picture is the server's."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIOTestClient
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from forum.accounts.policy import Viewer
from forum.core import db
from forum.core.errors import Conflict, Refusal
from forum.meetings.room import service as rooms
from forum.meetings.room.messages import queries as message_queries
from forum.meetings.room.messages import service as room_messages
from tests.support.suite import machines
from tests.support.worlds.meeting_room import Meeting, call, connect, hide, restore


@dataclass
class Reader:
    """A browser in the room: it keeps, per message, the newest version that it was told of."""

    viewer: Viewer
    socket: SocketIOTestClient | None = None
    seen: int = 0
    messages: dict[int, tuple[int, str | None]] = field(default_factory=dict)

    def take(self, change: dict[str, Any]) -> None:
        """Apply one change, unless a newer one is known already."""
        if self.messages.get(change["id"], (0, None))[0] < change["version"]:
            self.messages[change["id"]] = (change["version"], change.get("html"))

    def listen(self) -> None:
        """Apply what has arrived."""
        if self.socket is None or not self.socket.is_connected():
            return
        for message in self.socket.get_received():
            if message["name"] == "meeting:message":
                self.take(message["args"][0])

    def catch_up(self, meeting_id: int) -> bool:
        """Ask for what is new; return whether that was answered."""
        assert self.socket
        answer = call(self.socket, "meeting:join", meeting_id=meeting_id, after=self.seen)
        if answer["ok"]:
            for message in answer["messages"]:
                self.take(message)
            self.seen = max(self.seen, answer["version"])
        return bool(answer["ok"])

    def picture(self) -> dict[int, str]:
        """Return what is on the screen."""
        return {key: html for key, (_, html) in self.messages.items() if html is not None}


class Evening(RuleBasedStateMachine):
    """Three members and one who facilitates, with lines that keep breaking."""

    app: Flask

    @initialize()
    def meet(self) -> None:
        """Begin with an open room."""
        self.room = Meeting.made(members=3).opened()
        self.people = [*self.room.members, self.room.fern]
        self.readers = [Reader(viewer) for viewer in self.people]
        self.said: list[int] = []
        self.out: set[int] = set()
        self.words = 0

    @rule(who=st.integers(0, 3))
    def say(self, who: int) -> None:
        """Somebody says something, if they may."""
        self.words += 1
        try:
            self.said.append(self.room.say(self.people[who], f"word{self.words}x"))
        except Refusal:
            assert who in self.out

    @precondition(lambda self: self.said)
    @rule(
        data=st.data(),
        who=st.integers(0, 3),
        verb=st.sampled_from([hide, restore, room_messages.delete_message]),
    )
    def change(self, data: st.DataObject, who: int, verb: Any) -> None:
        """Somebody tries something with a message; what they may not do is refused."""
        with suppress(Refusal):
            verb(self.people[who], data.draw(st.sampled_from(self.said)))

    @rule(who=st.integers(0, 2), out=st.booleans())
    def send_out_or_let_back(self, who: int, out: bool) -> None:
        """Somebody is sent out or let back; their page starts again."""
        self.readers[who].listen()
        with suppress(Conflict):  # it is so already
            self.room.act(self.room.fern, "remove" if out else "let_back", self.people[who])
        if out != (who in self.out):
            self.readers[who] = Reader(self.people[who])
        if not out:
            rooms.enter_room(self.people[who], self.room.id)
        (self.out.add if out else self.out.discard)(who)

    @rule(who=st.integers(0, 3))
    def connect(self, who: int) -> None:
        """A browser comes back, and asks for what it has missed."""
        reader = self.readers[who]
        if reader.socket is None:
            reader.socket = connect(self.app, reader.viewer)
            assert reader.catch_up(self.room.id) == (who not in self.out)

    @rule(who=st.integers(0, 3))
    def disconnect(self, who: int) -> None:
        """A line breaks; what was on its way is lost."""
        reader = self.readers[who]
        if reader.socket is not None:
            reader.socket.disconnect()
            reader.socket = None

    @invariant()
    def every_connected_picture_is_the_servers(self) -> None:
        """Compare with what a fresh page would show."""
        if not hasattr(self, "readers"):
            return
        for who, reader in enumerate(self.readers):
            reader.listen()
            if reader.socket is not None or who in self.out:
                db.release_session()
                rows = message_queries.last_messages(reader.viewer, self.room.id)
                assert set(reader.picture()) == {row.id for row in rows}
                for row in rows:
                    assert f'data-version="{row.version}"' in reader.picture()[row.id]


@pytest.mark.timeout(300)
def test_every_picture_equals_the_servers(app: Flask) -> None:
    machines.run(Evening, examples=25, steps=25, app=app)
