"""Several processes and a real Valkey: live everywhere, and nobody waits for Valkey."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import socketio

from tests.databases import Databases
from tests.opsroom import Opsroom, furnish, reply
from tests.servers import Server, Valkey, running


@pytest.fixture(params=["sqlite", "postgresql"])
def environ(
    request: pytest.FixtureRequest, real_databases: Databases, valkey: Valkey, tmp_path: Path
) -> dict[str, str]:
    """Return settings for a forum with Valkey, on either database."""
    settings = {"FORUM_INSTANCE": str(tmp_path), "FORUM_REDIS_URL": valkey.url}
    if request.param == "postgresql":
        settings["FORUM_DATABASE_URL"] = real_databases.postgresql()
    return settings


@pytest.fixture
def two(environ: dict[str, str]) -> Iterator[tuple[Server, Server]]:
    """Return two processes of one forum, each at a port of its own."""
    with running(environ) as one, running(environ) as other:
        yield one, other


def follow(server: Server, room: Opsroom, who: int, after: int = 0) -> socketio.SimpleClient:
    """Return somebody's socket, in the thread."""
    browser = socketio.SimpleClient(reconnection=False)
    browser.connect(server.url, headers={"Cookie": room.cookies[who]}, transports=["websocket"])
    assert browser.call("thread:join", {"thread_id": room.thread_id, "after": after})["ok"]
    return browser


def until(browser: socketio.SimpleClient, post_id: int, seconds: float = 10) -> bool:
    """Whether a socket is told of a post in time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            name, told = browser.receive(timeout=max(0.01, ends - time.monotonic()))
        except socketio.exceptions.TimeoutError:
            return False
        if name == "post:created" and told["id"] == post_id:
            return True
    return False


def test_a_post_on_one_is_seen_on_the_other(two: tuple[Server, Server]) -> None:
    one, other = two
    room = furnish(one, 2)
    browser = follow(other, room, 1)
    answer = reply(one, room, 0, key="first")
    assert answer.status_code == 201
    assert until(browser, answer.json()["id"])
    browser.disconnect()


def test_posting_goes_on_without_valkey_and_nothing_is_missing_afterwards(
    two: tuple[Server, Server], valkey: Valkey
) -> None:
    one, other = two
    room = furnish(one, 2)
    browser = follow(other, room, 1)
    seen = browser.call("thread:join", {"thread_id": room.thread_id, "after": 0})["version"]
    valkey.stop()
    for number in range(3):
        began = time.monotonic()
        assert reply(one, room, 0, key=f"away-{number}").status_code == 201
        assert time.monotonic() - began < 3
    answer = requests.get(f"{one.url}/readyz", timeout=5)
    assert (answer.status_code, answer.json()["redis"]) == (200, "unreachable")
    valkey.start()
    caught_up = browser.call("thread:join", {"thread_id": room.thread_id, "after": seen})
    assert [post["version"] for post in caught_up["posts"]] == [seen + 1, seen + 2, seen + 3]
    assert live_again(one, browser, room)
    browser.disconnect()


def live_again(server: Server, browser: socketio.SimpleClient, room: Opsroom) -> bool:
    """Whether new posts reach the socket within half a minute."""
    for number in range(30):
        answer = reply(server, room, 0, key=f"back-{number}")
        assert answer.status_code == 201
        if until(browser, answer.json()["id"], 1):
            return True
        browser.call("thread:join", {"thread_id": room.thread_id, "after": 0})
    return False


def test_two_workers_share_a_port(environ: dict[str, str]) -> None:
    with running(environ, workers=2) as server:
        room = furnish(server, 2)
        browsers = [follow(server, room, 1) for _ in range(6)]
        post_id = reply(server, room, 0, key="first").json()["id"]
        assert all(until(browser, post_id) for browser in browsers)
        answer = requests.get(f"{server.url}/socket.io/?EIO=4&transport=polling", timeout=5)
        assert answer.status_code == 400
        metrics = requests.get(f"{server.url}/metrics", timeout=5).text
        assert "forum_posts_created_total 1.0" in metrics
        assert "forum_sockets 6.0" in metrics
        for browser in browsers:
            browser.disconnect()
