"""What a viewer may not know, nothing tells them by a difference.

Two worlds differ in one hidden fact (`hidden_facts`); every route and event of the matrix must
 answer people who may not know it the same in both: status, headers, words, to the byte.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts import service as accounts
from forum.accounts.identity import public_ids
from forum.app import create_app
from forum.core import clock, db
from forum.core.realtime.socket_events import socketio
from forum.core.web import private_ids
from forum.search import indexing
from forum.settings.environment import from_environment
from tests.support import factories
from tests.support.databases.real_databases import Databases
from tests.support.permissions import hidden_facts, hidden_room_facts, hidden_worlds  # noqa: F401 - they register facts
from tests.support.permissions.hidden_fact_registry import FACTS
from tests.support.permissions.hidden_worlds import Hidden
from tests.support.permissions.matrix_requests import FILLED_IN, TABLE, payload_for
from tests.support.permissions.matrix_table import EVENTS
from tests.support.worlds.copied_worlds import SECRET_KEY

JSON, PAGE = "application/json", "text/html"
# Different in every answer, whatever it says.
RANDOM = re.compile(
    r'nonce-[\w-]+|nonce="[^"]+"|\b[0-9a-f]{32}\b|(?<=calendars/)[\w-]{43}'
    r'|(?<=csrf_token":")[^"]+|(?<=csrf_token" value=")[^"]+|(?<=csrf-token" content=")[^"]+'
)
# Numbers of what was said afterwards: they count what was said before, also what is not shown.
LATER = re.compile(
    r'(?<=-number=\\")-?\d+|(?<=-version=\\")\d+|(?<=seen=)\d+'
    r'|(?<=-number=")-?\d+|(?<=-version=")\d+'
    r'|(?<="number":)-?\d+|(?<="version":)\d+'
    r"|(?<=>Post )\d+(?= by )|(?<= post )\d+"
)
NUMBER = re.compile(rf"\b{str(hidden_worlds.PEOPLE_FROM)[:4]}\d{{3}}\b")
# Set-Cookie holds a signature over the time, the policy a nonce; the body is compared as it is.
SAME = ("Set-Cookie", "Content-Security-Policy", "Content-Length")
MORE = (
    "/threads/<int:thread_id>?quote=<int:post_id>",
    "/groups/<slug>?page=2",
    "/groups/<slug>/handles?q=the",
    "/search?q=words",
    "/search?q=opening+-words&order=best",
    "/search?q=from:theauthorx",
    "/search?q=far+after:2020",
    "/search?q=evenigs",
    "/search?q=the",
    "/reports/new?kind=member&id=<person:account_id>",
    "/reports/new?kind=post&id=<int:post_id>",
    "/reports/new?kind=care_message&id=<private:care_message_id>",
    "/reports/new?kind=private_message&id=<private:private_message_id>",
    "/moderation/actions/new?target_kind=post&id=<int:post_id>&action=warn",
    "/groups/<slug>/care/<person:account_id>?post=<int:post_id>",
)


@pytest.fixture
def opened(
    real_databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Flask]]:
    """Return what opens the forum on a fresh database, at a fixed moment."""
    monkeypatch.setattr(clock, "now", lambda: hidden_worlds.AT)
    plain = from_environment(
        {
            "FORUM_INSTANCE": str(tmp_path),
            "FORUM_RATE_LIMITS": "off",
            "FORUM_SECRET_KEY": SECRET_KEY,
        }
    )

    def fresh() -> Flask:
        app = create_app(replace(plain, database_url=real_databases.sqlite()))
        app.config["WTF_CSRF_ENABLED"] = False
        return app

    yield fresh
    db.release_session()
    db.engine().dispose()


@pytest.mark.parametrize("role", sorted({role for roles in FACTS.values() for role in roles}))
def test_no_answer_differs_by_what_is_hidden(opened: Callable[[], Flask], role: str) -> None:
    told = hidden_worlds.world(opened())
    for fact, roles in FACTS.items():
        if role in roles:
            fact(told)
    hidden_worlds.number_on(told)
    with_it = dict(everything(told, role, told.places))
    untold = hidden_worlds.world(opened())
    hidden_worlds.number_on(untold)
    without = dict(everything(untold, role, told.places))
    assert list(with_it) == list(without)
    wrong = [asked for asked, answer in with_it.items() if answer != without[asked]]
    assert not wrong, "\n".join(_difference(asked, with_it, without) for asked in wrong)


@pytest.mark.parametrize("role", ["member", "facilitator", "administrator"])
def test_no_answer_has_the_number_of_an_account(opened: Callable[[], Flask], role: str) -> None:
    world = hidden_worlds.world(opened())
    for fact in FACTS:
        fact(world)
    told = [
        asked for asked, answer in everything(world, role, world.places) if NUMBER.search(answer)
    ]
    assert not told, "\n".join(told)


@pytest.mark.parametrize("role", sorted({role for roles in FACTS.values() for role in roles}))
def test_no_open_page_is_sent_anything_by_what_is_hidden(
    opened: Callable[[], Flask], role: str
) -> None:
    world = hidden_worlds.world(opened())
    page = _page_everywhere(world, role)
    for fact, roles in FACTS.items():
        page.get_received()
        fact(world)
        if role in roles:
            assert page.get_received() == [], fact.__name__


@pytest.mark.parametrize("invisible", [True, False])
def test_who_comes_and_goes_unseen_is_not_heard_either(
    opened: Callable[[], Flask], invisible: bool
) -> None:
    world = hidden_worlds.world(opened())
    if invisible:
        accounts.change_profile(world.people["author"], about="", invisible=True)
    pages = {role: _page_everywhere(world, role) for role in ("blocked", "member")}
    for page in pages.values():
        page.get_received()
    unseen = _page_everywhere(world, "author")
    unseen.emit("thread:leave", {"thread_id": world.readable_thread}, callback=True)
    unseen.disconnect()
    heard = {role: len(page.get_received()) for role, page in pages.items()}
    assert heard["blocked"] == 0
    assert (heard["member"] == 0) is invisible


def _page_everywhere(world: Hidden, role: str) -> Any:
    """Return a socket of a person in every place that they may be in."""
    client = world.app.test_client()
    if role != "visitor":
        factories.log_in(client, world.people[role])
    socket = socketio.test_client(world.app, flask_test_client=client)
    for thread_id in (world.readable_thread, world.closed_thread):
        socket.emit("thread:join", {"thread_id": thread_id}, callback=True)
    socket.emit("meeting:join", {"meeting_id": world.meeting_id}, callback=True)
    there = private_ids.of(world.conversation_id)
    socket.emit("conversation:join", {"conversation_id": there}, callback=True)
    return socket


def everything(
    world: Hidden, role: str, hidden: list[dict[str, object]]
) -> Iterator[tuple[str, str]]:
    """Yield what every route and event answers somebody, about the usual and about the hidden.

    What they read comes before what they do.
    """
    indexing.catch_up()
    client = world.app.test_client()
    if role != "visitor":
        factories.log_in(client, world.people[role])
    usual = _places(world)
    places = [usual, *(usual | places for places in hidden)]
    routes = [*(f"GET {path}" for path in MORE), *TABLE]
    routes.remove("GET /metrics")  # for this machine alone: tests/core/ops/test_health.py
    for route in (one for one in routes if one.startswith("GET")):
        for accept in (PAGE, JSON):
            yield from _of_route(client, route, places, accept)
    for event in EVENTS:
        payloads = [payload_for(event, where, role) for where in places]
        for payload in (one for n, one in enumerate(payloads) if one not in payloads[:n]):
            yield from _of_socket(world, client, event, payload)
    for route in (one for one in routes if not one.startswith("GET")):
        for asked, answer in _of_route(client, route, places, JSON):
            yield asked, answer
            if answer.startswith("4"):  # what is done is seen by now; a refusal is a page, too
                yield _of_path(client, asked.split(" ")[0], asked.split(" ")[1], PAGE)


def _of_route(
    client: FlaskClient, route: str, places: list[dict[str, object]], accept: str
) -> Iterator[tuple[str, str]]:
    method, rule = route.split(" ")
    for path in dict.fromkeys(_filled(rule, where) for where in places):
        yield _of_path(client, method, path, accept)


def _of_path(client: FlaskClient, method: str, path: str, accept: str) -> tuple[str, str]:
    answer = client.open(path, method=method, headers={"Accept": accept}, data=FILLED_IN)
    headers = {name: value for name, value in answer.headers if name not in SAME}
    said = answer.text if method == "GET" else LATER.sub("*", answer.text)
    told = RANDOM.sub("*", f"{answer.status_code} {said} {sorted(headers.items())}")
    return f"{method} {path} ({accept})", told


def _places(world: Hidden) -> dict[str, object]:
    return {
        "slug": "readable",
        "thread_id": world.readable_thread,
        "post_id": world.post_id,
        "meeting_id": world.meeting_id,
        "token": "x",
        "account_id": public_ids.of(world.id_of("author")),
        "handle": "theauthorx",
        "version": "0",
        "path": "css/core/base.css",
        "name": "retention",
        "session_id": 999,
        "notification_id": 999,
        "log_entry_id": 999,
        "pending_action_id": 999,
        "release_id": 999,
        "job_id": 999,
        "invitation_id": 999,
        "care_message_id": 999,
        "private_message_id": 1,
        "calendar_id": 999,
        "device_id": 999,
        "series_id": 999,
        "conversation_id": world.conversation_id,
        "number": 1,
        "message_id": 999,
        "item_id": 999,
        "shift_id": 999,
        "announcement_id": 999,
        "ordinal": 1,
        "page": 1,
    }


def _filled(rule: str, places: dict[str, object]) -> str:
    if rule.startswith(("/research/", "/studies/")):
        places = places | {"slug": "evenings"}
    rule = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule)
    rule = re.sub(r"<private:(\w+)>", lambda name: private_ids.of(int(str(places[name[1]]))), rule)
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda name: str(places[name[1]]), rule)


def _of_socket(
    world: Hidden, client: FlaskClient, event: str, payload: dict[str, object]
) -> Iterator[tuple[str, str]]:
    socket = socketio.test_client(world.app, flask_test_client=client)
    if socket.is_connected():
        acknowledged = socket.emit(event, payload, callback=True)
        yield f"{event} {payload}", RANDOM.sub("*", json.dumps(acknowledged))
        sent = json.dumps(socket.get_received())
        yield f"sent after {event} {payload}", RANDOM.sub("*", sent)
        socket.disconnect()


def _difference(asked: str, with_it: dict[str, str], without: dict[str, str]) -> str:
    one, other = with_it[asked], without[asked]
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    start = max(0, at - 60)
    return (
        f"{asked}:\n   with ...{one[start : at + 90]!r}\n   without ...{other[start : at + 90]!r}"
    )
