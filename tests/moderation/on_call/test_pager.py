"""The operator's own pager is told of each step, without words or names, until one is there."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from flask import Flask

from forum.core.background import periodic
from forum.moderation.crisis_calls import pager
from forum.moderation.crisis_calls import service as calls
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import triggers
from forum.settings.environment import from_environment
from forum.settings.values import BadSettings
from tests.support.servers.crowds import run_at_once
from tests.support.worlds.meeting_room import Clock, moment
from tests.support.worlds.queue_world import QueueWorld

__all__ = ["moment"]


class Pager:
    """A pager of this machine; it keeps what it was sent, and answers with `status`."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.status = 204
        kept = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                kept.got.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(kept.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/page?key=1"


class Silent:
    """Takes a connection, and answers nothing."""

    def __init__(self) -> None:
        self.calls, self.over = 0, threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"

    def __enter__(self) -> "Silent":
        threading.Thread(target=self._answer, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.listener.close()

    def _answer(self) -> None:
        with suppress(OSError):
            connection, _ = self.listener.accept()
            self.calls += 1
            self.over.wait()
            connection.close()


@pytest.fixture
def told(app: Flask) -> Iterator[Pager]:
    made = Pager()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    pager.init(made.url, "https://forum.example.org")
    yield made
    pager.init("", "")
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def room(app: Flask, moment: Clock) -> QueueWorld:
    return QueueWorld()


def pass_seconds(moment: Clock, seconds: int) -> None:
    for _ in range(0, seconds, 5):
        moment.forward(seconds=5)
        calls.make_due_calls()
        pager.send_due()


def test_each_step_is_told_once_and_neutrally(room: QueueWorld, moment: Clock, told: Pager) -> None:
    triggers.add_crisis_alert(room.risk())
    pager.send_due()
    pass_seconds(moment, 1200)
    item = next(one for one in queue_queries.open_items(room["moderator"]) if one.is_crisis)
    sent = [json.loads(body) for body in told.got]
    assert [(one["step"], one["waiting_seconds"]) for one in sent] == [
        ("on_call", 0),
        ("again", 300),
        ("moderators", 600),
        ("administrators", 900),
    ]
    assert {tuple(sorted(one)) for one in sent} == {
        ("address", "event", "id", "step", "waiting_seconds")
    }
    assert {one["address"] for one in sent} == {
        f"https://forum.example.org/moderation/queue/{item.id}/here"
    }
    assert len({one["id"] for one in sent}) == 4


@pytest.mark.parametrize("status", [500, 302])
def test_a_pager_that_fails_is_tried_again(
    room: QueueWorld, moment: Clock, told: Pager, status: int
) -> None:
    told.status = status
    triggers.add_crisis_alert(room.risk())
    pager.send_due()
    pass_seconds(moment, 60)
    assert len(told.got) == 3, "at once, after 15 and after another 30 seconds"
    told.status = 200
    pass_seconds(moment, 60)
    assert len(told.got) == 4
    pass_seconds(moment, 120)
    assert len(told.got) == 4


def test_a_pager_that_is_gone_holds_nothing_up(
    room: QueueWorld, moment: Clock, told: Pager
) -> None:
    told.server.server_close()
    triggers.add_crisis_alert(room.risk())
    pass_seconds(moment, 30)


def test_a_pager_that_hangs_is_waited_for_a_moment_and_tried_again(
    room: QueueWorld, moment: Clock, told: Pager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pager, "SOCKET_PATIENCE_S", 0.1)
    with Silent() as silent:
        pager.init(silent.url, "")
        triggers.add_crisis_alert(room.risk())
        began = time.monotonic()
        pager.send_due()
        assert time.monotonic() - began < 5
        assert silent.calls == 1
        pager.init(told.url, "")
        pass_seconds(moment, 20)
        assert len(told.got) == 1


def test_a_pager_that_does_not_prove_who_it_is_is_told_nothing(
    room: QueueWorld, moment: Clock, told: Pager
) -> None:
    pager.init(told.url.replace("http://", "https://"), "")
    triggers.add_crisis_alert(room.risk())
    pager.send_due()
    assert told.got == []
    pager.init(told.url.partition("/page")[0], "")
    pass_seconds(moment, 20)
    assert len(told.got) == 1


def test_in_a_server_it_is_told_within_a_limit_of_time(
    room: QueueWorld, moment: Clock, told: Pager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(periodic, "serving", lambda: True)
    triggers.add_crisis_alert(room.risk())
    pager.send_due()
    assert len(told.got) == 1


def test_a_clock_that_was_ahead_keeps_no_page_back(
    room: QueueWorld, moment: Clock, told: Pager
) -> None:
    triggers.add_crisis_alert(room.risk())
    moment.forward(days=-3)
    pager.send_due()
    assert len(told.got) == 1


def test_a_page_is_given_up_after_a_day(
    room: QueueWorld, moment: Clock, told: Pager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pager, "ATTEMPTS_MOST", 2)
    told.status = 500
    triggers.add_crisis_alert(room.risk())
    for _ in range(5):
        moment.forward(minutes=15)
        pager.send_due()
    assert len(told.got) == 2


def test_a_page_is_sent_once_although_two_processes_send(
    room: QueueWorld, moment: Clock, told: Pager
) -> None:
    triggers.add_crisis_alert(room.risk())
    run_at_once(pager.send_due, pager.send_due)
    assert len(told.got) == 1


def test_it_is_silent_once_somebody_is_there(room: QueueWorld, moment: Clock, told: Pager) -> None:
    told.status = 503
    triggers.add_crisis_alert(room.risk())
    pager.send_due()
    item = next(one for one in queue_queries.open_items(room["moderator"]) if one.is_crisis)
    calls.acknowledge(room["moderator"], item.id)
    pass_seconds(moment, 3600)
    assert len(told.got) == 1


def test_without_a_pager_nothing_waits(room: QueueWorld, moment: Clock) -> None:
    triggers.add_crisis_alert(room.risk())
    assert pager.due_from(moment.now()) is None
    pager.send_due()


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://pager.example.org/x?y=1", True),
        ("http://127.0.0.1:8740/", True),
        ("http://[::1]:8740/", True),
        ("http://localhost/", True),
        ("http://pager.example.org/", False),
        ("http://127.0.0.1.example.org/", False),
        ("https://me:secret@pager.example.org/", False),
        ("ftp://pager.example.org/", False),
        ("https://", False),
    ],
)
def test_only_a_safe_address_is_taken(url: str, fine: bool, tmp_path: object) -> None:
    given = {"FORUM_INSTANCE": str(tmp_path), "FORUM_PAGER_URL": url}
    if fine:
        assert from_environment(given).pager_url == url
    else:
        with pytest.raises(BadSettings):
            from_environment(given)
