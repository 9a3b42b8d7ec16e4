"""Many who sign up and log in at once: none gets a fault, and others go on reading meanwhile."""

import re
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from statistics import median
from typing import Any

import pytest
import requests
from flask import Flask

from forum.accounts import service
from forum.accounts.login import passwords
from forum.core import db
from forum.core.background import thread_pool
from forum.core.db import sessions
from forum.core.errors import Busy
from tests.support.servers.real_servers import Server
from tests.support.worlds.account_forms import JSON, PASSWORD, post_form, register_member

MANY = 48


def _seconds(server: Server) -> float:
    began = time.perf_counter()
    assert requests.get(f"{server.url}/groups", timeout=60).status_code == 200
    return time.perf_counter() - began


def test_many_sign_ups_and_logins_at_once(shared_server: Server) -> None:
    server, before = shared_server, len(shared_server.output.read_text())
    visitor = requests.Session()
    found = re.search(r'name="csrf-token" content="([^"]+)"', visitor.get(server.url).text)
    assert found
    told: dict[str, Any] = {
        "headers": {**JSON, "X-CSRFToken": found[1]},
        "cookies": visitor.cookies,
    }

    def post(turn: int) -> requests.Response:
        form = {"handle": f"person-{turn}", "password": PASSWORD, "accept_guidelines": "on"}
        path = "/register" if turn % 8 == 0 else "/login"
        return requests.post(server.url + path, data=form, timeout=100, **told)

    idle = median(_seconds(server) for _turn in range(10))
    with ThreadPoolExecutor(MANY) as crowd:
        asked: list[Future[requests.Response]] = [crowd.submit(post, turn) for turn in range(MANY)]
        meanwhile = []
        while wait(asked, timeout=0.2).not_done:
            meanwhile.append(_seconds(server))
    answers = [one.result() for one in asked]
    assert {answer.status_code for answer in answers} == {201, 422, 503}
    busy = [answer for answer in answers if answer.status_code == 503]
    assert {answer.headers["Retry-After"] for answer in busy} == {str(Busy.retry_after_s)}
    assert {answer.json()["error"]["code"] for answer in busy} == {"busy"}
    assert median(meanwhile) < 60 * idle
    assert "fault" not in server.output.read_text()[before:]


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process be a server in which too many wait."""
    monkeypatch.setattr("forum.core.background.periodic.serving", lambda: True)
    monkeypatch.setattr(thread_pool, "_in_line", thread_pool.AT_ONCE + thread_pool.IN_LINE)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/login", {"handle": "fern", "password": PASSWORD}),
        ("/register", {"handle": "heron", "password": PASSWORD, "accept_guidelines": "on"}),
        ("/recover", {"handle": "fern", "code": "x", "password": PASSWORD}),
    ],
)
def test_who_waits_too_long_is_asked_back_and_keeps_what_they_typed(
    app: Flask, crowded: None, path: str, form: dict[str, Any]
) -> None:
    answer = post_form(app.test_client(), path, **form)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert f'value="{form["handle"]}"' in answer.text
    assert "try again in a moment" in answer.text


def test_nothing_is_hashed_in_a_transaction(app: Flask) -> None:
    with pytest.raises(RuntimeError), db.transaction():
        passwords.hashed(PASSWORD)


def test_no_connection_is_held_while_hashing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    fern = register_member("fern")
    held: list[object] = []

    def fits(*_given: object) -> bool:
        held.append(sessions._connected.get())
        return True

    monkeypatch.setattr(passwords, "_fits", fits)
    service.log_in("fern", PASSWORD)
    service.change_email(fern, "fern@example.org", PASSWORD)
    assert held == [None, None]
