"""Several processes and a real Valkey: live everywhere, and nobody waits for Valkey."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
import socketio
from sqlalchemy import Executable, NullPool, create_engine, exists, select, update

from forum.core import clock, db
from forum.core.background import leader
from forum.core.background.models import Lease
from forum.threads.models import Post
from tests.support import factories
from tests.support.databases.real_databases import Databases
from tests.support.servers.live_thread import OpsWorld, make_ops_world, reply
from tests.support.servers.real_servers import Server, Valkey, running, running_valkey

LEADS_WITHIN_S = 6 * leader.RENEW_EVERY_S  # a machine may be busy with much else
OLD_HTML = exists().where(Post.renderer == 0)


@dataclass
class Two:
    """Two processes of one forum, each at a port of its own, and what they tell each other by."""

    one: Server
    other: Server
    valkey: Valkey
    environ: dict[str, str]


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def two(
    request: pytest.FixtureRequest,
    real_databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Two]:
    """Return them, on either database; each test makes people of its own there."""
    environ = {"FORUM_INSTANCE": str(tmp_path_factory.mktemp("two"))}
    if request.param == "postgresql":
        environ["FORUM_DATABASE_URL"] = real_databases.postgresql()
    with running_valkey() as valkey:
        environ["FORUM_REDIS_URL"] = valkey.url
        with running(environ) as one, running(environ) as other:
            yield Two(one, other, valkey, environ)


def connected(server: Server, room: OpsWorld, who: int) -> socketio.SimpleClient:
    """Return somebody's socket."""
    browser = socketio.SimpleClient(reconnection=False)
    browser.connect(server.url, headers={"Cookie": room.cookies[who]}, transports=["websocket"])
    return browser


def follow(server: Server, room: OpsWorld, who: int, after: int = 0) -> socketio.SimpleClient:
    """Return somebody's socket, in the thread."""
    browser = connected(server, room, who)
    assert browser.call("thread:join", {"thread_id": room.thread_id, "after": after})["ok"]
    return browser


def heard(
    browser: socketio.SimpleClient, event: str, seconds: float = 10, **facts: Any
) -> dict[str, Any] | None:
    """Return the next event of a kind with these facts, or None when there is none in time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            name, told = browser.receive(timeout=max(0.01, ends - time.monotonic()))
        except socketio.exceptions.TimeoutError:
            return None
        if name == event and facts.items() <= told.items():
            return dict(told)
    return None


def until(browser: socketio.SimpleClient, post_id: int, seconds: float = 10) -> bool:
    """Whether a socket hears of a post in time."""
    return heard(browser, "post:created", seconds, id=post_id) is not None


def test_a_post_on_one_is_seen_on_the_other(two: Two) -> None:
    room = make_ops_world(two.one, 2)
    browser = follow(two.other, room, 1)
    answer = reply(two.one, room, 0, key="first")
    assert answer.status_code == 201
    assert until(browser, answer.json()["id"])
    browser.disconnect()


def leads(server: Server) -> bool:
    """Whether it is a server's first process that does the site's periodic work."""
    holders = select(Lease.holder).where(Lease.until > clock.now())
    return str(asked(server, holders) or "").startswith(f"{server.worker}-")


def times_begun(two: Two) -> int:
    """Return how often any process has begun to do it."""
    return sum(s.output.read_text().count("periodic_work_here") for s in (two.one, two.other))


def asked(server: Server, question: Executable) -> Any:
    """Return the first value that a server's database answers, after a change None."""
    engine = create_engine(server.database_url, poolclass=NullPool)
    with engine.begin() as connection:
        found = connection.execute(question)
        return found.scalar() if found.returns_rows else None


def within(seconds: float, true: Callable[[], bool]) -> bool:
    """Whether something comes true in time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if true():
            return True
        time.sleep(0.2)
    return False


def meeting_in(server: Server, room: OpsWorld) -> int:
    """Make the first person a facilitator of a new group, and return a meeting that begins now."""
    db.bind(server.database_url)
    group_id = factories.group()
    for number, person in enumerate(room.people):
        factories.join(person, group_id, "member" if number else "facilitator")
    made = factories.meeting(group_id, starts_at=clock.now())
    db.release_session()
    db.engine().dispose()
    return made


def enter(server: Server, room: OpsWorld, who: int, meeting_id: int) -> socketio.SimpleClient:
    """Return somebody's socket, in the room."""
    browser = connected(server, room, who)
    answer = browser.call("meeting:join", {"meeting_id": meeting_id, "after": 0})
    assert answer["inside"], answer
    return browser


def test_people_in_two_processes_are_in_one_room(two: Two) -> None:
    room = make_ops_world(two.one, 3)
    meeting_id = meeting_in(two.one, room)
    fern = enter(two.one, room, 0, meeting_id)
    wren, robin = (enter(two.other, room, who, meeting_id) for who in (1, 2))
    where = {"meeting_id": meeting_id}
    said = wren.call("meeting:say", {**where, "body": "Hello", "idempotency_key": "one"})
    message = heard(fern, "meeting:message")
    assert message
    assert message["id"] == said["id"]
    present = fern.call("meeting:join", {**where, "after": 0})["present"]
    assert sorted(present) == sorted(person.handle for person in room.people)
    sent_out = {**where, "account_id": room.people[1].public_id, "action": "remove"}
    answer = fern.call("meeting:person", sent_out)
    assert answer["ok"], answer
    you = heard(wren, "meeting:own_status")
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


def test_two_workers_share_a_port(two: Two) -> None:
    with running(two.environ, workers=2) as server:
        room = make_ops_world(server, 2)
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


def test_posting_goes_on_without_valkey_and_nothing_is_missing_afterwards(two: Two) -> None:
    one = two.one
    room = make_ops_world(one, 2)
    browser = follow(two.other, room, 1)
    seen = browser.call("thread:join", {"thread_id": room.thread_id, "after": 0})["version"]
    two.valkey.stop()
    for number in range(3):
        began = time.monotonic()
        assert reply(one, room, 0, key=f"away-{number}").status_code == 201
        assert time.monotonic() - began < 3
    answer = requests.get(f"{one.url}/readyz", timeout=5)
    assert (answer.status_code, answer.json()["redis"]) == (200, "unreachable")
    two.valkey.start()
    caught_up = browser.call("thread:join", {"thread_id": room.thread_id, "after": seen})
    assert [post["version"] for post in caught_up["posts"]] == [seen + 1, seen + 2, seen + 3]
    assert live_again(one, browser, room)
    browser.disconnect()


def live_again(server: Server, browser: socketio.SimpleClient, room: OpsWorld) -> bool:
    """Whether new posts reach the socket within half a minute."""
    for number in range(30):
        answer = reply(server, room, 0, key=f"back-{number}")
        assert answer.status_code == 201
        if until(browser, answer.json()["id"], 1):
            return True
        browser.call("thread:join", {"thread_id": room.thread_id, "after": 0})
    return False


def test_one_process_does_periodic_work_and_another_goes_on_when_it_dies(two: Two) -> None:
    make_ops_world(two.one, 1)
    assert within(LEADS_WITHIN_S, lambda: leads(two.one) or leads(two.other))
    first, second = (two.one, two.other) if leads(two.one) else (two.other, two.one)
    before = times_begun(two)
    first.kill9()
    # It has looked through all posts before, so only another begins with them again.
    asked(second, update(Post).values(renderer=0))
    asked(second, update(Lease).values(until=clock.now()))  # as in a quarter of a minute
    assert within(LEADS_WITHIN_S, lambda: leads(second))
    assert within(LEADS_WITHIN_S, lambda: not asked(second, select(OLD_HTML)))
    assert times_begun(two) == before + 1
    first.start()
