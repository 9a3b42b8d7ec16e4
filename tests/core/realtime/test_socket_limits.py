"""Floods at the Socket.IO door: they end their own socket, and nobody else notices."""

import json
import struct
import time
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import websocket
from sqlalchemy import insert

from forum.core import db
from forum.core.realtime import socket_limits
from forum.core.realtime.socket_limits import Sockets
from forum.threads.models import Post, Thread
from tests.support import factories
from tests.support.servers import clients
from tests.support.servers.raw_sockets import Raw, talking
from tests.support.servers.real_servers import Server, running

DEFLATE = {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"}


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a forum with its limits on."""
    instance = str(tmp_path_factory.mktemp("limited"))
    with running({"FORUM_INSTANCE": instance, "FORUM_RATE_LIMITS": "on"}) as server:
        yield server


def closed(server: Server, why: str) -> list[dict[str, Any]]:
    """Return the log's lines of sockets that were closed for this reason."""
    lines = [json.loads(line) for line in server.output.read_text().splitlines() if line[:1] == "{"]
    assert not [line for line in lines if line["event"] in {"uncaught", "library"}]
    return [line for line in lines if (line["event"], line.get("why")) == ("socket_closed", why)]


def is_ended(raw: Raw) -> bool:
    """Whether the server ends the connection, asking nothing more of us."""
    try:
        while (packet := raw.line.recv()) != "":
            if packet in {"1", b""}:
                return True
    except (websocket.WebSocketException, OSError):
        return True
    return True


def frame(payload: bytes, *, first: int) -> bytes:
    """Return a masked frame as a client sends it, with a mask of zeros."""
    return struct.pack("!BBQ", first, 0x80 | 127, len(payload)) + bytes(4) + payload


def test_compression_is_not_agreed_on_and_such_frames_end_their_socket(limited: Server) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(b"42" + b"x" * 100_000_000) + packer.flush(zlib.Z_SYNC_FLUSH)
    with talking(limited) as other, talking(limited, header=DEFLATE) as raw:
        headers = {name.lower() for name in raw.line.getheaders() or {}}
        assert "sec-websocket-extensions" not in headers
        raw.wire.sendall(frame(packed[:-4], first=0xC1))
        assert is_ended(raw)
        assert other.ask('["no:such"]')["ok"] is False


@pytest.mark.parametrize(
    ("packet", "why"),
    [
        ('451-["a",{"_placeholder":true,"num":0}]', "attachments"),
        ("461-[1]", "attachments"),
        ("4\x00\x01nonsense", "cannot be decoded"),
        ("42" + "9" * 200, "cannot be decoded"),
        ('42/other,["a"]', "no packet of ours"),
        ("43[1]", "no packet of ours"),
        ("44{}", "no packet of ours"),
        ("40", "no packet of ours"),
        ("42[1]", "no packet of ours"),
        ("42" + "[" * 9000, "no packet of ours"),
    ],
)
def test_what_no_browser_sends_ends_its_socket(limited: Server, packet: str, why: str) -> None:
    with talking(limited) as other, talking(limited) as raw:
        for _ in range(50):
            try:
                raw.line.send(packet)
            except OSError:
                break
        assert is_ended(raw)
        assert other.ask('["no:such"]')["ok"] is False
    assert len(closed(limited, why)) == 1


def test_bytes_end_their_socket(limited: Server) -> None:
    with talking(limited) as raw:
        raw.line.send_binary(b"\x04" * 100)
        assert is_ended(raw)


@pytest.mark.parametrize("opcode", [websocket.ABNF.OPCODE_TEXT, websocket.ABNF.OPCODE_PING])
def test_a_flood_ends_its_socket_and_nobody_waits_for_it(limited: Server, opcode: int) -> None:
    with talking(limited) as other, talking(limited) as raw:
        packet = websocket.ABNF.create_frame('42["no:such"]', opcode).format()
        raw.wire.settimeout(5)
        try:
            for _ in range(200):
                raw.wire.sendall(packet * 200)
        except OSError:
            pass
        assert requests.get(f"{limited.url}/healthz", timeout=5).ok
        assert is_ended(raw)
        assert other.ask('["no:such"]')["ok"] is False
    assert len(closed(limited, "too many packets")) == 1


def test_a_browser_at_its_usual_pace_is_never_closed(limited: Server) -> None:
    with talking(limited) as raw:
        for _ in range(socket_limits.PACKETS_A_SOCKET - 10):
            assert raw.ask('["no:such"]')["ok"] is False


def test_long_answers_reach_a_slow_reader_whole(limited: Server) -> None:
    db.bind(limited.database_url)
    reader, group = factories.person(), factories.group()
    factories.join(reader, group)
    opening = factories.thread(reader, group, body='"' * 2_000)
    with db.transaction() as session:
        post = session.get_one(Post, opening.id)
        shared = {
            column: getattr(post, column)
            for column in (
                "thread_id",
                "author_id",
                "body",
                "html",
                "renderer",
                "content_note",
                "reactions",
                "created_at",
            )
        }
        many = [{**shared, "number": number, "version": number} for number in range(2, 61)]
        session.execute(insert(Post), many)
        thread = session.get_one(Thread, opening.thread_id)
        thread.last_number = thread.post_count = thread.version = 60
    cookie = f"forum_session={clients.cookie_of(limited, reader)}"
    db.release_session()
    with talking(limited, cookie=cookie) as raw:
        raw.wire.settimeout(20)
        for number in range(1, 10):
            raw.line.send(f'42{number}["thread:join",{{"thread_id":{opening.thread_id}}}]')
        time.sleep(0.5)  # meanwhile every buffer on the way is full
        answers = (packet for packet in iter(raw.hear, "") if packet.startswith("43"))
        for number, heard in zip(range(1, 10), answers, strict=False):
            assert heard.startswith(f"43{number}[")
            [answer] = json.loads(heard[3:])
            assert [post["number"] for post in answer["posts"]] == list(range(1, 61))
            assert len(heard) > 700_000


def test_one_person_has_a_most_of_sockets_and_others_have_theirs(limited: Server) -> None:
    db.bind(limited.database_url)
    wren, robin = factories.person(), factories.person()
    cookies = [f"forum_session={clients.cookie_of(limited, who)}" for who in (wren, robin)]
    db.close()
    lines = [Raw(limited, cookie=cookies[0]) for _ in range(socket_limits.SOCKETS_A_PERSON)]
    with pytest.raises(AssertionError):
        Raw(limited, cookie=cookies[0])
    with talking(limited, cookie=cookies[1]) as raw:
        assert raw.ask('["no:such"]')["ok"] is False
    lines.pop().line.close()
    for raw in lines:
        raw.line.close()


def polled(server: Server, sid: str = "", **options: Any) -> requests.Response:
    """Send a request of the long-polling kind."""
    url = f"{server.url}/socket.io/?EIO=4&transport=polling{f'&sid={sid}' if sid else ''}"
    return requests.request("POST" if options else "GET", url, timeout=10, **options)


@pytest.mark.parametrize(
    "body",
    [
        "x" * 70_000,
        "40\x1e" * 40,
        "451-[]",
        "nonsense",
        "bAAAA",
        "\x1e\x1e",
        "d=",
    ],
)
def test_what_no_browser_sends_by_long_polling_ends_it_too(limited: Server, body: str) -> None:
    sid = json.loads(polled(limited).text[1:])["sid"]
    assert polled(limited, sid, data="40").ok
    polled(limited, sid, data=body)
    assert polled(limited, sid).status_code == 400
    closed(limited, "")


def test_a_long_poll_does_not_hang_when_its_origin_is_refused(limited: Server) -> None:
    sid = json.loads(polled(limited).text[1:])["sid"]
    told = polled(limited, sid, data="40", headers={"Origin": "https://forum.example.org"})
    assert told.status_code == 400
    assert polled(limited, sid).status_code == 400
    lines = limited.output.read_text().splitlines()
    (line,) = [json.loads(one) for one in lines if "origin_refused" in one]
    assert line["origin"] == "https://forum.example.org"
    assert "FORUM_ORIGINS" in line["say"]
    assert "FORUM_PROXIES" in line["say"]


class Clock:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        """Return the seconds since some beginning."""
        return self.now


def test_counts_go_by_socket_person_and_address(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, ended = Clock(), list[str]()
    monkeypatch.setattr(time, "monotonic", clock.monotonic)
    monkeypatch.setattr(socket_limits, "PACKETS_A_SOCKET", 5)
    monkeypatch.setattr(socket_limits, "PACKETS_A_PERSON", 8)
    monkeypatch.setattr(socket_limits, "SOCKETS_A_PERSON", 2)
    monkeypatch.setattr(socket_limits, "SOCKETS_AN_ADDRESS", 3)
    sockets = Sockets(ended.append, counting=lambda: True)
    for name, account_id in (("a", 1), ("b", 1), ("c", None)):
        sockets.opened(name, "192.0.2.1")
        sockets.belongs_to(name, account_id)
    assert sockets.is_full("192.0.2.1")
    assert not sockets.is_full("192.0.2.2")
    assert not sockets.may_have_more(1)
    assert sockets.may_have_more(2)
    assert all(sockets.count("a") and sockets.count("b") for _ in range(4))
    assert not sockets.count("b")
    clock.now += socket_limits.WINDOW_S + 1
    assert sockets.count("a")
    assert all(sockets.count("c") for _ in range(5))
    assert not sockets.count("c")
    assert ended == ["b", "c"]
    assert not sockets.count("c")
    assert not sockets.is_full("192.0.2.1")
    assert sockets.may_have_more(1)


def test_a_socket_that_nothing_is_live_for_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, ended = Clock(), list[str]()
    monkeypatch.setattr(time, "monotonic", clock.monotonic)
    sockets = Sockets(ended.append, counting=lambda: True)
    for name in ("silent", "visitor", "reader", "member"):
        sockets.opened(name, "192.0.2.1")
    sockets.belongs_to("visitor", None)
    sockets.belongs_to("reader", None)
    sockets.belongs_to("member", 1)
    sockets.close_idle({"reader"}.__contains__)
    assert ended == []
    clock.now += socket_limits.SETTLE_WITHIN_S + 1
    sockets.close_idle({"reader"}.__contains__)
    assert ended == ["silent", "visitor"]
