"""The socket door against strangers: names, numbers, sizes and origins, on the real server."""

import pytest
import requests
import websocket

from tests.support.servers.raw_sockets import Raw, talking
from tests.support.servers.real_servers import Server


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_none_are_refused_and_nobody_is_dropped(
    shared_server: Server, number: str
) -> None:
    with talking(shared_server) as other, talking(shared_server) as raw:
        answer = raw.ask(f'["thread:join",{{"thread_id":{number}}}]')
        assert answer["ok"] is False
        assert answer["error"]["code"] == "bad_event"
        far = '["thread:join",{"thread_id":2000000000}]'
        assert other.ask(far)["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    "packet",
    [
        '["thread:join"]',
        '["thread:join",[1]]',
        '["thread:join","1"]',
        '["thread:join",{}]',
        '["thread:join",{"thread_id":"1"}]',
        '["thread:join",{"thread_id":1.5}]',
        '["thread:join",{"thread_id":true}]',
        '["thread:join",{"thread_id":1,"surplus":1}]',
        '["thread:join",{"thread_id":1},{"thread_id":1}]',
    ],
)
def test_what_an_event_does_not_take_is_refused(shared_server: Server, packet: str) -> None:
    with talking(shared_server) as raw:
        answer = raw.ask(packet)
        assert (answer["ok"], answer["error"]["code"]) == (False, "bad_event")


@pytest.mark.parametrize("number", ["-1", "0", "9" * 30, str(2**31), str(2**63)])
def test_numbers_beyond_any_thread_are_not_found(shared_server: Server, number: str) -> None:
    with talking(shared_server) as raw:
        answer = raw.ask(f'["thread:join",{{"thread_id":{number}}}]')
        assert (answer["ok"], answer["error"]["code"]) == (False, "not_found")


def test_an_unknown_event_is_answered_with_an_error(shared_server: Server) -> None:
    with talking(shared_server) as raw:
        assert raw.ask('["no:such"]')["error"]["code"] == "unknown_event"


@pytest.mark.parametrize("name", ["connect", "disconnect", "*"])
def test_a_client_cannot_play_the_connection_itself(shared_server: Server, name: str) -> None:
    with talking(shared_server) as raw:
        raw.line.send(f'421["{name}",{{}}]')
        # The line is answered in order: had the event been handled, its answer would come first.
        raw.line.send('422["no:such"]')
        assert raw.hear().startswith("432")


@pytest.mark.parametrize(
    "packet",
    [
        "42{}",
        "42[]",
        "42[1]",
        '42[{"a":1}]',
        "42[null]",
        "42x",
        "4x",
        "42[" * 9000,
        '42["thread:join",' + "9" * 4900 + "]",
    ],
)
def test_nonsense_harms_nobody(shared_server: Server, packet: str) -> None:
    with talking(shared_server) as other:
        with talking(shared_server) as raw:
            raw.line.send(packet)
        assert other.ask('["no:such"]')["ok"] is False


def test_a_packet_above_64_kilobytes_ends_the_connection(shared_server: Server) -> None:
    with talking(shared_server) as raw:
        assert raw.ask(f'["no:such","{"x" * 60_000}"]')["ok"] is False
        raw.line.send(f'421["no:such","{"x" * 70_000}"]')
        with pytest.raises((websocket.WebSocketException, OSError, AssertionError)):
            while raw.line.recv():
                pass
            raise AssertionError


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
    ],
)
def test_foreign_origins_are_refused(shared_server: Server, header: dict[str, str]) -> None:
    for origin in ("https://evil.example", "http://evil.example", "null"):
        with pytest.raises(websocket.WebSocketBadStatusException):
            Raw(shared_server, origin=origin, header=header)
        polled = requests.get(
            f"{shared_server.url}/socket.io/?EIO=4&transport=polling",
            headers={"Origin": origin, **header},
            timeout=5,
        )
        assert polled.status_code == 400


def test_the_forums_own_origin_is_welcome(shared_server: Server) -> None:
    with talking(shared_server, origin=shared_server.url) as raw:
        assert raw.ask('["no:such"]')["ok"] is False
