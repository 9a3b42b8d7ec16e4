"""Connections that never send a whole request, more than there may be files: people are served."""

import itertools
import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import gevent
import pytest
import requests
from gunicorn.http.body import Body, ChunkedReader
from gunicorn.http.unreader import IterUnreader
from gunicorn.workers.ggevent import GeventWorker

from forum.server.gunicorn_conf import FILES_BESIDE
from forum.server.gunicorn_worker import BODY_MAX, PIECE, SlowClientWorker, SlowConnections
from tests.support.servers.real_servers import Server, running

FILES = 600
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
HALF_A_REQUEST = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
HALF_A_BODY = b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nhandle=w"
HALF_A_CHUNK = (
    b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhan"
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a forum on a system that allows few open files."""
    instance = str(tmp_path_factory.mktemp("small"))
    with running({"FORUM_INSTANCE": instance}, open_files=FILES) as server:
        yield server


def lines(server: Server) -> list[dict[str, object]]:
    """Return the log's lines; what the start prints is none."""
    printed = server.output.read_text().splitlines()
    said = [line for line in printed if not line.startswith("Common Thread is at")]
    return [json.loads(line) for line in said]


@pytest.mark.parametrize("half", [HALF_A_REQUEST, HALF_A_BODY, HALF_A_CHUNK, b""])
def test_people_are_served_despite_unfinished_requests(small: Server, half: bytes) -> None:
    with ExitStack() as opened:
        for _ in range(2 * (FILES - FILES_BESIDE)):
            line = opened.enter_context(socket.create_connection(("127.0.0.1", small.port), 5))
            line.sendall(half)
        for _ in range(5):
            assert requests.get(f"{small.url}/healthz", timeout=10).ok
            assert requests.get(f"{small.url}/help-now", timeout=10).ok
    events = {line["event"] for line in lines(small)}
    assert events - {"periodic_work_here"} == {"few_open_files"}  # that one comes when it comes


def test_bodies_come_whole_however_they_are_sent(small: Server) -> None:
    words = {"handle": "nobody-here", "password": "p" * 500}
    whole = requests.post(f"{small.url}/login", data=words, timeout=10)
    slowly = requests.post(
        f"{small.url}/login",
        data=iter([b"handle=nobody-here&pass", b"word=", b"p" * 500]),
        headers=FORM,
        timeout=10,
    )
    assert whole.status_code == slowly.status_code == 400  # no token
    for endless in (b"x" * BODY_MAX, iter([b"x" * 9000] * 99)):
        told = requests.post(f"{small.url}/login", data=endless, headers=FORM, timeout=10)
        assert told.status_code == 413


def test_others_go_on_while_a_body_of_tiny_chunks_is_put_together() -> None:
    length, a_packet = 25 * PIECE, 1_024
    said = [b"1\r\na\r\n" * a_packet] * (length // a_packet) + [b"0\r\n\r\n"]
    turns = itertools.count()
    worker = SlowClientWorker.__new__(SlowClientWorker)
    worker._crowd = SlowConnections(10)

    def others() -> None:
        while True:
            next(turns)
            gevent.sleep(0.001)

    def read() -> Any:
        gevent.getcurrent().address = "192.0.2.1"
        source = Body(ChunkedReader(None, IterUnreader(said)))
        return worker._complete({"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": source})

    beside = gevent.spawn(others)
    complete = gevent.spawn(read).get()
    beside.kill()
    assert complete["CONTENT_LENGTH"] == str(length)
    assert next(turns) > length / PIECE / 2


def test_a_connection_that_is_never_idle_lets_others_have_their_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answered: list[str] = []
    monkeypatch.setattr(GeventWorker, "handle_request", lambda _worker, name: answered.append(name))
    worker = SlowClientWorker.__new__(SlowClientWorker)

    def ask(name: str) -> None:
        for _ in range(3):
            worker.handle_request(name)

    gevent.joinall([gevent.spawn(ask, name) for name in ("one", "two")])
    assert answered == ["one", "two"] * 3


def test_the_oldest_of_the_heaviest_address_ends_first() -> None:
    class Deadline:
        def __init__(self) -> None:
            self.ended = False

        def end(self) -> None:
            """End it."""
            self.ended = True

    crowd = SlowConnections(3)
    visitor, *heavy = waits = [Deadline() for _ in range(5)]
    crowd.add("192.0.2.1", visitor)  # type: ignore[arg-type]
    for one in heavy:
        crowd.add("192.0.2.66", one)  # type: ignore[arg-type]
    assert [one.ended for one in waits] == [False, True, True, False, False]
    crowd.remove("192.0.2.66", heavy[0])  # type: ignore[arg-type]
    crowd.remove("192.0.2.1", visitor)  # type: ignore[arg-type]
    crowd.add("192.0.2.2", waits[1])  # type: ignore[arg-type]
    assert not heavy[-1].ended


def test_what_gunicorn_says_is_json_too(tmp_path: Path) -> None:
    with running({"FORUM_INSTANCE": str(tmp_path)}) as server:
        assert server.process is not None
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
        (worker,) = map(int, children.read_text().split())
        # As the process that watches over it does when it has not answered for a minute.
        os.kill(worker, signal.SIGABRT)
        wait_for(server, "worker_stuck")
        killed, reasons = set[int](), list[dict[str, object]]()
        while not reasons:  # the stuck one may end by itself, and the next one takes its time
            with suppress(ProcessLookupError, ValueError):
                (worker,) = map(int, children.read_text().split())
                os.kill(worker, signal.SIGKILL)
                killed.add(worker)
            time.sleep(0.1)
            reasons = [one for one in lines(server) if "too little memory" in str(one)]
        while not server.is_ready():
            time.sleep(0.05)
    assert any(str(worker) in str(reasons[0]["said"]) for worker in killed)
    assert "gunicorn_conf.py" in str(wait_for(server, "worker_stuck")["frames"])


def wait_for(server: Server, event: str) -> dict[str, object]:
    """Return the first line of the log with this event, when it is there."""
    while not (found := [line for line in lines(server) if line["event"] == event]):
        time.sleep(0.05)
    return found[0]
