"""A small world for the matrix: every role, in a group of each kind, with a post in each state."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_socketio import SocketIOTestClient

from forum.accounts import service as accounts
from forum.accounts.policy import VISITOR, Viewer
from forum.core import clock
from forum.core.db import transaction
from forum.core.realtime.socket_events import socketio
from forum.groups import service as groups
from forum.meetings.room import service as rooms
from forum.meetings.room.messages import service as messages
from forum.meetings.schedule import service as scheduling
from forum.moderation.actions import service as moderation
from forum.moderation.queue import queries as queue_queries
from forum.moderation.reports import service as reports
from forum.notifications.announcements.models import Announcement
from forum.threads import service
from forum.threads.reader import reader_state
from tests.support import factories
from tests.support.worlds import conversation_world, copied_worlds

ROLES = (
    "visitor",
    "outsider",
    "member",
    "blocked",
    "blocker",
    "muter",
    "left",
    "suspended",
    "author",
    "facilitator",
    "moderator_elsewhere",
    "administrator",
)
GROUPS = ("open", "approval", "hidden", "readable_by_all")
STATES = ("visible", "hidden", "held", "deleted")
WORDS = "unmistakablewords"
LIVE = ("app", "sockets", "browsers", "sent")


@dataclass
class World:
    """Everybody was a member who watched the thread; then each came into their role."""

    app: Flask
    group_id: int
    slug: str
    thread_id: int
    post_id: int
    meeting_id: int
    message_id: int
    series_id: int
    conversation_id: int
    people: dict[str, Viewer]
    host: Viewer
    sockets: dict[str, SocketIOTestClient]
    item_id: int = 0
    announcement_id: int = 0
    browsers: dict[str, FlaskClient] = field(default_factory=dict)
    sent: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def client(self, role: str) -> FlaskClient:
        """Return the browser of one role, which logs in once."""
        if role not in self.browsers:
            self.browsers[role] = self.app.test_client()
            if role != "visitor":
                factories.log_in(self.browsers[role], self.people[role])
        return self.browsers[role]

    def received(self, role: str) -> list[dict[str, Any]]:
        """Return what the socket that had joined in better days has been sent since."""
        socket = self.sockets[role]
        fresh = socket.get_received() if socket.is_connected() else []
        self.sent.setdefault(role, []).extend(fresh)
        return self.sent[role]


def silent(app: Flask, kind: str, *states: str) -> World:
    """Return a world in which nobody is connected, with a post in each of these states."""

    def made() -> dict[str, Any]:
        return _rows_of(build(app, kind, *states, connected=False))

    name = "-".join(("matrix", kind, *states))
    return World(app=app, sockets={}, **copied_worlds.world(name, made))


def build(app: Flask, kind: str, *states: str, connected: bool = True) -> World:
    """Return a world; sockets joined the thread while everybody still belonged.

    Its `post_id` is the post in the last of these states.
    """
    world = World(
        app=app, sockets={}, **copied_worlds.world(f"matrix-{kind}", lambda: _begun(app, kind))
    )
    for role in ROLES if connected else ():
        socket = socketio.test_client(app, flask_test_client=world.client(role))
        socket.emit("thread:join", {"thread_id": world.thread_id, "after": 0}, callback=True)
        socket.emit("meeting:join", {"meeting_id": world.meeting_id, "after": 0}, callback=True)
        world.sockets[role] = socket
    _take_up_roles(world)
    for state in states:
        _write(world, state)
    return world


def _begun(app: Flask, kind: str) -> dict[str, Any]:
    """Return a world in which everybody is a member, and has read the thread."""
    people = {role: factories.person() for role in ROLES if role != "visitor"}
    people["administrator"] = factories.administrator()
    host = factories.person()
    slug = f"{kind.replace('_', '-')}-group"
    group_id = groups.create_group(
        None,
        slug=slug,
        name="A group",
        visibility="open" if kind == "readable_by_all" else kind,
        readable_by_all=kind == "readable_by_all",
    )
    for viewer in [host, *people.values()]:
        factories.join(viewer, group_id)
    factories.join(people["facilitator"], group_id, "facilitator")
    thread_id = service.start_thread(host, group_id, title="A thread", body="Hello").thread_id
    for viewer in people.values():
        reader_state.follow(viewer, thread_id, on=True)
        reader_state.record_read(viewer.id or 0, thread_id, 1)
    everybody = {"visitor": VISITOR, **people}
    between = conversation_world.begin(people["author"], people["member"])
    world = World(app, group_id, slug, thread_id, 0, 0, 0, 0, between, everybody, host, {})
    _meet(world)
    _announce(world)
    return _rows_of(world)


def _rows_of(world: World) -> dict[str, Any]:
    return {name: value for name, value in vars(world).items() if name not in LIVE}


def _meet(world: World) -> None:
    """Plan a series, and open a room, in which everybody was before they came into their role."""
    world.series_id = scheduling.schedule_series(
        world.people["facilitator"],
        world.group_id,
        {"title": "Circle", "starts_on": f"{clock.now() + timedelta(days=3):%Y-%m-%d}"},
    )
    world.meeting_id = rooms.open_drop_in(world.people["facilitator"], world.group_id)
    for person in (*world.people.values(), world.host):
        if person.id is not None:
            rooms.enter_room(person, world.meeting_id)
    world.message_id = messages.send_message(
        world.host, world.meeting_id, body="Welcome", idempotency_key="welcome"
    )


def _announce(world: World) -> None:
    """Announce something to the group; that people are notified of it is another matter."""
    told = {"title": "Welcome", "body": "Hello", "created_at": clock.now()}
    with transaction() as session:
        made = Announcement(group_id=world.group_id, **told)
        session.add(made)
        session.flush()
        world.announcement_id = made.id


def _take_up_roles(world: World) -> None:
    people, group_id = world.people, world.group_id
    accounts.block(people["author"], people["blocked"].id or 0)
    accounts.block(people["blocker"], people["author"].id or 0)
    accounts.mute(people["muter"], people["author"].id or 0)
    for role in ("outsider", "left", "moderator_elsewhere", "administrator"):
        groups.leave(people[role], group_id)
    elsewhere = groups.create_group(None, slug="elsewhere", name="Elsewhere")
    factories.join(people["moderator_elsewhere"], elsewhere, "moderator")
    accounts.suspend(
        people["suspended"].id or 0,
        because="Unkind words",
        until=clock.now().replace(year=clock.now().year + 1),
    )
    world.browsers.clear()  # who came into a role may be logged out by that
    for socket in world.sockets.values():
        if socket.is_connected():
            socket.get_received()


def _write(world: World, state: str) -> None:
    author = world.people["author"]
    if state == "held":
        moderation.take_action(world.people["facilitator"], "review", world.thread_id)
    world.post_id = service.post_reply(author, world.thread_id, body=WORDS).id
    said = messages.send_message(author, world.meeting_id, body=WORDS, idempotency_key=state)
    if state == "visible":
        reports.report(world.host, "post", world.post_id, reason="unkind")
        world.item_id = queue_queries.open_items(world.people["administrator"])[0].id
    if state == "hidden":
        service.hide_post(world.people["facilitator"], world.post_id)
        moderation.take_action(world.people["facilitator"], "hide_message", said)
    if state == "deleted":
        service.delete_post(author, world.post_id)
        messages.delete_message(author, said)
