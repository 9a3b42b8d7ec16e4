"""While one request or event costs the most that anybody can make it cost, others are answered.

Everything is asked in one process beside a second visitor. How long that visitor waits is compared
with how long an answer usually takes here and now, never with a number of seconds.
"""

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from inspect import signature
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4
from zlib import crc32

import pytest
import socketio

from forum.app import create_app
from forum.core import db
from forum.core.realtime.socket_events import registry
from forum.core.realtime.socket_limits import PACKET_MAX
from forum.settings.environment import from_environment
from tests.support.permissions import matrix_addresses, matrix_table
from tests.support.permissions.matrix_world import World, build
from tests.support.servers.clients import at_address, cookie_of
from tests.support.servers.pinger import Pinger
from tests.support.servers.real_servers import Server, running
from tests.support.suite.thoroughness import EVERY_CASE
from tests.support.text import worst_inputs

ROLES = ("facilitator", "author", "member", "administrator")
SILENCE_MAX = 150  # times as long as an answer usually takes
TRIES = 5  # a machine that was busy once is not busy each time
LONGEST_TEXT = 12_000  # characters that are tried in each field of an event, if a packet holds them
TURNS = 4  # each route and event is tried with every fourth kind of input, in `make soak` with all
NEEDS_NO_LOGIN = re.compile("/(register|login|recover|forgot|reset/.*)")
# After these the facilitator gets less far than before.
TAKES_AWAY = re.compile(
    "POST (/logout|/account/sessions/end-all|/meetings/.*/(leave|close)|/groups/<slug>/(join|leave)"
    "|/posts/.*/(delete|undo))"
)
QUESTIONS = ("q", "page", "next", "topic", "country", "quote", "post", "year", "about")
ROUTES = [
    (f"{method} {rule}", row)
    for route, row in matrix_table.ROUTES.items()
    for *methods, rule in [route.split(" ")]
    for method in methods
]


class Forum:
    """A running forum with a world in it, people connected to it, and a second visitor."""

    def __init__(self, server: Server, world: World, pinger: Pinger) -> None:
        self.server, self.world, self.pinger = server, world, pinger
        self.usual_s = pinger.usual_s()
        self.people = {role: at_address(server, world.people[role]) for role in ROLES}
        self.people["visitor"] = at_address(server)

    def silence(self, act: Callable[[], None]) -> float:
        """Act; return how many usual answers the second visitor waited for, the least of tries."""
        waits: list[float] = []
        while len(waits) < TRIES and (not waits or waits[-1] > SILENCE_MAX):
            since = time.perf_counter()
            act()
            waits.append(self.pinger.longest_s(since) / self.usual_s)
        return min(waits)

    def request(self, route: str, who: str, form: dict[str, str]) -> None:
        """Ask for a route with these fields, or these questions in its address."""
        method, rule = route.split(" ")
        url, data = self.server.url + matrix_addresses.address(self.world, rule), None
        if method == "POST":
            data = urlencode(worst_inputs.fitting(form, rule) | {"idempotency_key": uuid4().hex})
        else:
            url += ("&" if "?" in url else "?") + urlencode(form)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self.people[who].request(method, url, data=data, headers=kind, timeout=60)
        assert answer.status_code < 500, f"{route}: {answer.status_code}"

    def connected(self) -> socketio.SimpleClient:
        """Return a socket of a session of its own; some of the routes end others."""
        cookie = cookie_of(self.server, self.world.people["facilitator"])
        socket = socketio.SimpleClient()
        socket.connect(self.server.url, headers={"Cookie": f"forum_session={cookie}"})
        return socket

    def emit(self, socket: socketio.SimpleClient, event: str, kind: str) -> None:
        """Send an event with a text in each field that takes one."""
        known = {
            "thread_id": self.world.thread_id,
            "meeting_id": self.world.meeting_id,
            "account_id": self.world.host.id,
        }
        fields, length = signature(registry[event]).parameters, LONGEST_TEXT
        payload: dict[str, object] = {"": " " * PACKET_MAX}
        while len(json.dumps([event, payload])) > PACKET_MAX - 100:  # more would end the socket
            anything: dict[Any, object] = {int: 1, bool: True, str: worst_inputs.text(kind, length)}
            payload = {
                name: known.get(name, anything[it.annotation]) for name, it in fields.items()
            }
            length = length * 9 // 10
        assert "ok" in socket.call(event, payload, timeout=60)


@pytest.fixture(scope="module")
def forum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forum]:
    """Return it; the tests below leave it more and more crowded."""
    with running({"FORUM_INSTANCE": str(tmp_path_factory.mktemp("responsiveness"))}) as server:
        # Here the application only says which events there are, and writes the world.
        app = create_app(replace(from_environment(server.environ), rate_limits=False))
        world = build(app, "open", "visible", connected=False)
        db.release_session()
        with Pinger(server) as pinger:
            yield Forum(server, world, pinger)
        db.engine().dispose()


def who_gets_far(route: str, row: set[str] | str) -> str:
    """Return the role with which most of a route's code is reached."""
    if NEEDS_NO_LOGIN.fullmatch(route.split(" ")[1]):
        return "visitor"
    return next((role for role in ROLES if role in row), "facilitator")


def too_slow(forum: Forum, form: dict[str, str], chosen: Callable[[str], bool]) -> list[str]:
    """Return the routes among those chosen that keep everybody waiting."""
    waits = {
        route: forum.silence(partial(forum.request, route, who_gets_far(route, row), form))
        for route, row in ROUTES
        if chosen(route)
    }
    return [f"{name}: {wait:.0f}" for name, wait in waits.items() if wait > SILENCE_MAX]


def has_its_turn(door: str, kind: str, kinds: Iterable[str]) -> bool:
    """Whether a route or event is tried with a kind of input in this run."""
    return EVERY_CASE or (crc32(door.encode()) + list(kinds).index(kind)) % TURNS == 0


def test_a_process_that_is_stopped_for_a_moment_is_noticed(forum: Forum) -> None:
    def stop() -> None:
        assert forum.server.process
        os.killpg(forum.server.process.pid, signal.SIGSTOP)
        time.sleep(2 * SILENCE_MAX * forum.usual_s)
        os.killpg(forum.server.process.pid, signal.SIGCONT)

    assert forum.silence(stop) > SILENCE_MAX


@pytest.mark.parametrize("kind", worst_inputs.FORMS)
def test_no_form_stops_everybody(forum: Forum, kind: str) -> None:
    slow = too_slow(
        forum,
        worst_inputs.FORMS[kind],
        lambda route: (
            route.startswith("POST")
            and not TAKES_AWAY.match(route)
            and has_its_turn(route, kind, worst_inputs.FORMS)
        ),
    )
    assert not slow, "\n".join(slow)


def test_no_question_in_an_address_stops_everybody(forum: Forum) -> None:
    hostile = dict.fromkeys(QUESTIONS, worst_inputs.text("combining marks", 300))
    slow = too_slow(forum, hostile, lambda route: route.startswith("GET"))
    assert not slow, "\n".join(slow)


@pytest.mark.parametrize("kind", worst_inputs.TEXTS)
def test_no_event_stops_everybody(forum: Forum, kind: str) -> None:
    assert set(registry) == set(matrix_table.EVENTS)
    socket = forum.connected()
    waits = {
        event: forum.silence(partial(forum.emit, socket, event, kind))
        for event in registry
        if event not in {"meeting:leave", "meeting:close"}
        and has_its_turn(event, kind, worst_inputs.TEXTS)
    }
    socket.disconnect()
    slow = [f"{name}: {wait:.0f}" for name, wait in waits.items() if wait > SILENCE_MAX]
    assert not slow, "\n".join(slow)
