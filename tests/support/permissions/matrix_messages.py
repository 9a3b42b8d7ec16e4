"""Who sees what is said in a meeting, on every path: role x group x state x path."""

from collections.abc import Callable
from typing import Any

from forum.core.realtime.socket_events import socketio
from tests.support.permissions.matrix_world import ROLES, WORDS, World

# Everybody was in the room before they came into their role. What is said is never for outsiders,
# also where everybody may read the group's threads.
SEES = {
    "visible": {"member", "author", "facilitator", "administrator"},
    "hidden": {"author", "facilitator", "administrator"},
    "deleted": set[str](),
}


def page(world: World, role: str) -> bool:
    """Is it on the room's page?"""
    return WORDS in world.client(role).get(f"/meetings/{world.meeting_id}/room").text


def json(world: World, role: str) -> bool:
    """Is it in the room as JSON?"""
    address = f"/meetings/{world.meeting_id}/room"
    return WORDS in world.client(role).get(address, headers={"Accept": "application/json"}).text


def fresh_join(world: World, role: str) -> bool:
    """Is it in what a socket gets that joins now?"""
    return WORDS in _joined(world, role, after=0)


def catch_up(world: World, role: str) -> bool:
    """Is it in what a socket gets that was away since before the message?"""
    return WORDS in _joined(world, role, after=1)


def live(world: World, role: str) -> bool:
    """Was it sent to the socket that had joined in better days, and not taken back after?"""
    shown: dict[int, Any] = {}
    for message in world.received(role):
        if message["name"] == "meeting:message":
            said = message["args"][0]
            shown[said["id"]] = said.get("html")
    return WORDS in str(shown)


def _joined(world: World, role: str, after: int) -> str:
    socket = socketio.test_client(world.app, flask_test_client=world.client(role))
    if not socket.is_connected():
        return ""
    where = {"meeting_id": world.meeting_id, "after": after}
    return str(socket.emit("meeting:join", where, callback=True))


PATHS: tuple[Callable[[World, str], bool], ...] = (live, page, json, fresh_join, catch_up)


def wrong_in(world: World, state: str) -> list[str]:
    """Return who sees or misses a message in this state, other than the table says."""
    wrong = []
    for path in PATHS:
        seen = {role for role in ROLES if path(world, role)}
        wrong += [
            f"{role} {'sees' if role in seen else 'misses'} the message by {path.__name__}"
            for role in seen ^ SEES[state]
        ]
    return wrong
