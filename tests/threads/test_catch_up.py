"""Rule 4: live is a replay. Whatever happens in between, each client's picture is the server's."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIOTestClient
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from forum.accounts import service as accounts
from forum.accounts.policy import Viewer
from forum.core import db
from forum.core.errors import Refusal
from forum.core.realtime.socket_events import socketio
from forum.threads import queries, service
from forum.threads.posts import post_contents
from tests.support import factories
from tests.support.suite import machines

FROM_THE_START = 10_000


@dataclass
class Reader:
    """A browser with a thread open: it keeps, per post, the newest version that it was told of."""

    viewer: Viewer
    socket: SocketIOTestClient | None = None
    seen: int = 0
    posts: dict[int, tuple[int, str | None]] = field(default_factory=dict)

    def take(self, post: dict[str, Any]) -> None:
        """Apply one change, unless a newer one is known already."""
        if self.posts.get(post["id"], (0, None))[0] < post["version"]:
            self.posts[post["id"]] = (post["version"], post.get("html"))
        self.seen = max(self.seen, post["version"])

    def listen(self) -> None:
        """Apply what has arrived."""
        for message in self.socket.get_received() if self.socket else []:
            if message["name"].startswith("post:"):
                self.take(message["args"][0])

    def picture(self) -> dict[int, str]:
        """Return what is on the screen."""
        return {post_id: html for post_id, (_, html) in self.posts.items() if html is not None}


class Conversation(RuleBasedStateMachine):
    """Four people, one thread, and a line that keeps breaking."""

    app: Flask

    @initialize()
    def people_meet(self) -> None:
        """Begin with a thread that somebody else started, three members and a facilitator."""
        host = factories.person()
        self.people = [factories.person() for _ in range(4)]
        group = factories.group()
        for viewer, role in zip(
            self.people, ["member", "member", "member", "facilitator"], strict=True
        ):
            factories.join(viewer, group, role)
        factories.join(host, group)
        self.thread = service.start_thread(
            host, group, title="A thread", body="The first words"
        ).thread_id
        self.post_ids: list[int] = []
        self.readers = [Reader(viewer) for viewer in self.people]
        self.words = 0

    def _attempt(self, verb: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return verb(*args, **kwargs)
        except Refusal:
            return None

    def _new_words(self) -> str:
        self.words += 1
        return f"word{self.words}x"

    @rule(who=st.integers(0, 3))
    def create(self, who: int) -> None:
        """Somebody replies."""
        place = service.post_reply(self.people[who], self.thread, body=self._new_words())
        self.post_ids.append(place.id)

    @precondition(lambda self: self.post_ids)
    @rule(
        data=st.data(),
        who=st.integers(0, 3),
        verb=st.sampled_from(["edit", "delete", "hide", "restore", "react"]),
    )
    def change(self, data: st.DataObject, who: int, verb: str) -> None:
        """Somebody tries something with a post; what they may not do is refused."""
        post_id, viewer = data.draw(st.sampled_from(self.post_ids)), self.people[who]
        match verb:
            case "edit":
                self._attempt(service.edit_post, viewer, post_id, body=self._new_words())
            case "delete":
                self._attempt(service.delete_post, viewer, post_id)
            case "hide":
                self._attempt(service.hide_post, viewer, post_id)
            case "restore":
                self._attempt(service.restore_post, viewer, post_id)
            case "react":
                self._attempt(service.react, viewer, post_id, "hug", on=data.draw(st.booleans()))

    @rule(who=st.integers(0, 3))
    def connect(self, who: int) -> None:
        """A browser comes back, and asks for what it has missed."""
        reader = self.readers[who]
        if reader.socket is None:
            client = self.app.test_client()
            factories.log_in(client, reader.viewer)
            reader.socket = socketio.test_client(self.app, flask_test_client=client)
            answer = reader.socket.emit(
                "thread:join", {"thread_id": self.thread, "after": reader.seen}, callback=True
            )
            assert answer["ok"], answer
            for post in answer["posts"]:
                reader.take(post)
            reader.seen = max(reader.seen, answer["version"])

    @rule(who=st.integers(0, 3))
    def disconnect(self, who: int) -> None:
        """A line breaks; what was on its way is lost."""
        reader = self.readers[who]
        if reader.socket is not None:
            reader.listen()
            reader.socket.disconnect()
            reader.socket = None

    @rule(who=st.integers(0, 3), first=st.integers(0, 3))
    def block(self, who: int, first: int) -> None:
        """Somebody blocks somebody; both pictures start again, as their pages do."""
        if who != first:
            accounts.block(self.people[first], self.people[who].id or 0)
            for number in (who, first):
                self.disconnect(number)
                self.readers[number] = Reader(self.people[number])

    @invariant()
    def every_connected_picture_is_the_servers(self) -> None:
        """Compare with a page that is loaded afresh, and with what may be seen."""
        if not hasattr(self, "readers"):
            return
        for reader in self.readers:
            reader.listen()
            if reader.socket is not None:
                assert set(reader.picture()) == self._page_of(reader.viewer)
                self._compare_words(reader)

    def _page_of(self, viewer: Viewer) -> set[int]:
        db.release_session()
        try:
            queries.thread_for(viewer, self.thread)
        except Refusal:
            return set()
        rows = queries.posts_between(viewer, self.thread, 1, FROM_THE_START)
        return {row.id for row in rows}

    def _compare_words(self, reader: Reader) -> None:
        rows = {row.id: row for row in post_contents.load_contents(list(reader.posts))}
        for post_id, html in reader.picture().items():
            row = rows[post_id]
            assert f'data-version="{row.version}"' in html
            assert row.html in html


@pytest.mark.timeout(300)
def test_every_picture_equals_the_servers(app: Flask) -> None:
    machines.run(Conversation, examples=30, steps=30, app=app)


def test_past_the_limit_a_client_reloads(app: Flask) -> None:
    viewer, group = factories.person(), factories.group()
    factories.join(viewer, group)
    thread = service.start_thread(viewer, group, title="A long one", body="first").thread_id
    for number in range(101):
        service.post_reply(viewer, thread, body=f"reply {number}")
    client = app.test_client()
    factories.log_in(client, viewer)
    socket = socketio.test_client(app, flask_test_client=client)
    answer = socket.emit("thread:join", {"thread_id": thread, "after": 0}, callback=True)
    assert answer.get("reload"), answer
    assert answer["posts"] == []
    answer = socket.emit("thread:join", {"thread_id": thread, "after": 3}, callback=True)
    assert [post["version"] for post in answer["posts"]] == list(range(4, 103))
