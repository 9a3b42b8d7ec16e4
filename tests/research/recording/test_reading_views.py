"""The two doors of reading time, what waits to be written, and the pages that show it."""

import json
import re
import time

import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from forum.activity.models import ActivityEvent
from forum.app import create_app
from forum.core import db
from forum.core.realtime.socket_events import socketio
from forum.research import service
from forum.settings.environment import from_environment
from tests.support import factories
from tests.support.research import study_world
from tests.support.research.study_world import StudyWorld
from tests.support.servers import clients
from tests.support.servers.real_servers import Server

JSON = {"Accept": "application/json"}


def token(html: str) -> str:
    """Return a page's token; nothing where nothing is measured."""
    found = re.search(r'data-reading="([^"]+)"', html)
    return found[1] if found else ""


def a_reader(app: Flask) -> tuple[StudyWorld, FlaskClient, str, int]:
    room = study_world.study()
    me = room.member()
    room.agree(me)
    place = factories.thread(room.member(), room.group_id)
    client = app.test_client()
    factories.log_in(client, me)
    where = f"/threads/{place.thread_id}"
    return room, client, where, place.id


def test_form_and_socket_write_the_same_row(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    room, client, where, post_id = a_reader(app)
    page = token(client.get(where).text)
    said = {"page": page, "low_ms": 1, "high_ms": 2, "posts": str(post_id)}
    assert client.post("/activity/reading", data=said, headers=JSON).json == {"ok": True}
    socket = socketio.test_client(app, flask_test_client=client)
    answer = socket.emit("activity:reading", {**said, "low_ms": 3, "high_ms": 4}, callback=True)
    assert answer == {"ok": True}
    (row,) = (row for row in room.rows() if row["kind"] == "thread_read")
    assert (row["seconds_low"], row["seconds_high"], row["posts_seen"]) == (0.003, 0.004, 1)
    held = json.loads(client.get(f"/studies/{room.slug}/held").text)["rows"]
    assert [
        (one["seconds_high"], one["posts_seen"]) for one in held if one["kind"] == "thread_read"
    ] == [(0.004, 1)]
    assert "longest possible time in seconds: 0 ·" in client.get(f"/studies/{room.slug}").text


def test_pages_that_were_not_served_to_the_reader_are_refused(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    room, client, where, _ = a_reader(app)
    page = token(client.get(where).text)
    number, rest = page.split(".", 1)
    other = app.test_client()
    factories.log_in(other, room.member())
    assert not token(other.get(where).text)
    said = {"low_ms": 1, "high_ms": 2}
    for who, carried, status in (
        (client, f"{int(number) + 1}.{rest}", 404),
        (client, "", 404),
        (client, page + "x", 404),
        (other, page, 404),
        (app.test_client(), page, 401),
    ):
        answer = who.post("/activity/reading", data={**said, "page": carried}, headers=JSON)
        assert answer.status_code == status
    for wrong in ({"high_ms": "NaN"}, {"low_ms": "-1"}, {"high_ms": "9" * 30}, {"posts": "7,8"}):
        answer = client.post(
            "/activity/reading", data={"page": page, **said, **wrong}, headers=JSON
        )
        assert answer.status_code == 422
        assert set(answer.json["error"]["fields"]) <= {"low_ms", "high_ms", "posts"}  # type: ignore[index]
    socket = socketio.test_client(app, flask_test_client=client)
    for payload in (
        {"page": page, **said, "high_ms": 1.5},
        {"page": page},
        {**said, "page": 7},
        {"page": page, "low_ms": True, "high_ms": 5},
    ):
        assert not socket.emit("activity:reading", payload, callback=True)["ok"]
    assert {row["seconds_high"] for row in room.rows()} == {None, 0.0}  # the page and its visit


def test_without_a_token_against_forgery_nothing_is_taken(app: Flask) -> None:
    room, client, where, _ = a_reader(app)
    said = {"page": token(client.get(where).text), "low_ms": 1, "high_ms": 2}
    assert client.post("/activity/reading", data=said, headers=JSON).status_code == 400
    assert {row["seconds_high"] for row in room.rows()} == {None, 0.0}


def kinds() -> list[str]:
    db.release_session()
    found = select(ActivityEvent.kind).order_by(ActivityEvent.kind)
    rows = list(db.current_session().scalars(found))
    db.release_session()
    return rows


def test_what_waits_is_written_within_a_second_and_when_the_server_stops(server: Server) -> None:
    create_app(from_environment(server.environ))
    room = study_world.study()
    me = room.member()
    room.agree(me)
    place = factories.thread(room.member(), room.group_id)
    reader: requests.Session = clients.at_address(server, me)
    where = f"{server.url}/threads/{place.thread_id}"
    before = kinds()
    reader.get(where, headers={"Accept": "text/html"})
    until = time.monotonic() + 5
    while kinds() == before and time.monotonic() < until:
        time.sleep(0.05)
    assert sorted(kinds()) == sorted([*before, "session", "thread_read"])
    page = token(reader.get(where, headers={"Accept": "text/html"}).text)
    posted = reader.post(
        f"{server.url}/activity/reading", data={"page": page, "low_ms": 1, "high_ms": 1}
    )
    assert posted.status_code == 200
    server.stop()  # at once: within the second
    assert kinds().count("thread_read") == 2
    service.withdraw(me, room.slug, erase=True)
    assert kinds() == []
