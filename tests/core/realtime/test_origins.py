"""From which pages a socket may be opened, and behind which proxies."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
import websocket
from flask import Flask, request

from forum.core.ops import logs
from forum.core.realtime import origins
from forum.core.web import proxies
from forum.settings.environment import Settings, from_environment
from tests.support.servers.raw_sockets import talking
from tests.support.servers.real_servers import Server, running


@pytest.fixture
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return settings that name neither origins nor proxies."""
    monkeypatch.setattr(origins, "_told", set())
    return from_environment({"FORUM_INSTANCE": str(tmp_path)})


@pytest.mark.parametrize(
    ("host", "own", "behind_a_proxy"),
    [
        ("127.0.0.1:8000", True, True),
        ("localhost:8000", True, True),
        ("[::1]:8000", True, True),
        ("192.168.1.7", True, True),
        ("raspberry", True, True),
        ("raspberry.local", True, True),
        ("forum.example.org", False, True),
        ("evil.example", False, True),
        ("local", True, True),
        ("notlocal.evil.example", False, True),
    ],
)
def test_without_origins_only_near_hosts_are_believed(
    plain: Settings, host: str, own: bool, behind_a_proxy: bool
) -> None:
    environ = {"wsgi.url_scheme": "http", "HTTP_HOST": host}
    proxied = replace(plain, proxies=1)
    assert origins.is_welcome(f"http://{host}", environ, plain) is own
    assert origins.is_welcome(f"http://{host}", environ, proxied) is behind_a_proxy
    assert not origins.is_welcome(f"https://{host}", environ, proxied)
    assert not origins.is_welcome("http://other.example", environ, proxied)


@pytest.mark.parametrize(
    ("scheme", "host", "welcome"),
    [
        ("https", "forum.example.org:443", True),
        ("http", "forum.example.org:80", True),
        ("https", "forum.example.org:80", False),
        ("http", "forum.example.org:443", False),
        ("https", "forum.example.org:8443", False),
        ("https", "evil.example:443", False),
    ],
)
def test_a_proxy_may_hand_on_the_usual_port(
    plain: Settings, scheme: str, host: str, welcome: bool
) -> None:
    environ = {"wsgi.url_scheme": scheme, "HTTP_HOST": host}
    proxied = replace(plain, proxies=1)
    assert origins.is_welcome(f"{scheme}://forum.example.org", environ, proxied) is welcome


def test_with_origins_the_host_does_not_matter(plain: Settings) -> None:
    named = replace(plain, origins=("https://forum.example.org",))
    environ = {"wsgi.url_scheme": "http", "HTTP_HOST": "10.0.0.3:8000"}
    assert origins.is_welcome("https://forum.example.org", environ, named)
    assert not origins.is_welcome("http://10.0.0.3:8000", environ, named)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example/walnut",
        "null",
        "walnut words",
        "https://[",
        "https://x.example\n{}",
        "https://" + "w" * 200,
        "https://wälnut.example",
    ],
)
def test_only_what_looks_like_an_origin_is_logged(
    plain: Settings, origin: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure()
    environ = {"wsgi.url_scheme": "http", "HTTP_HOST": "forum.example.org"}
    for _ in range(3):
        assert not origins.is_welcome(origin, environ, plain)
    printed = capsys.readouterr().err
    assert printed.count("origin_refused") == 1
    assert origin not in printed


@pytest.mark.parametrize(
    ("believed", "sent", "scheme"),
    [
        (1, "https", "https"),
        (1, "http, https", "https"),
        (1, "https, http", "http"),
        (2, "https", "https"),
        (2, "https, http", "https"),
        (2, "https,http", "https"),
        (2, "https, http, http", "http"),
        (3, "https, http", "https"),
        (2, "http", "http"),
        (2, None, "http"),
        (2, "", "http"),
        (1, "wss", "https"),
        (1, "ws", "http"),
        (1, "HTTPS", "https"),
        (2, "WSS, https", "https"),
        (0, "https", "http"),
    ],
)
def test_the_scheme_is_the_one_of_the_outermost_proxy_that_is_believed(
    plain: Settings, believed: int, sent: str | None, scheme: str
) -> None:
    app = Flask("nothing")
    app.add_url_rule("/", view_func=lambda: f"{request.scheme} {request.remote_addr}")
    proxies.believe(app, replace(plain, proxies=believed))
    headers = {"X-Forwarded-For": ", ".join(["203.0.113.9", *["10.0.0.2"] * (believed - 1)])}
    headers |= {} if sent is None else {"X-Forwarded-Proto": sent}
    seen = app.test_client().get("/", headers=headers).text
    assert seen == f"{scheme} {'203.0.113.9' if believed else '127.0.0.1'}"


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a forum that believes one proxy and has been told no origin."""
    instance = str(tmp_path_factory.mktemp("proxied"))
    with running({"FORUM_INSTANCE": instance, "FORUM_PROXIES": "1"}) as server:
        yield server


HTTPS = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
FORUM = "https://forum.example.org"


def test_a_proxy_that_ends_tls_is_believed(proxied: Server) -> None:
    options = {"host": "forum.example.org", "header": HTTPS}
    with talking(proxied, origin=FORUM, **options) as raw:
        assert raw.ask('["no:such"]')["error"]["code"] == "unknown_event"
    sockets = {**HTTPS, "X-Forwarded-Proto": "wss"}  # as some proxies call it for sockets
    with talking(proxied, origin=FORUM, host="forum.example.org", header=sockets):
        pass
    for origin, header in (
        ("https://evil.example", HTTPS),
        ("https://evil.example", {**HTTPS, "X-Forwarded-Host": "evil.example"}),
        ("http://forum.example.org", HTTPS),
    ):
        with (
            pytest.raises(websocket.WebSocketBadStatusException),
            talking(proxied, origin=origin, host="forum.example.org", header=header),
        ):
            pass


def test_without_proxies_what_they_would_say_is_not_believed(shared_server: Server) -> None:
    told = requests.get(
        f"{shared_server.url}/socket.io/?EIO=4&transport=polling",
        headers={"Host": "forum.example.org", "Origin": FORUM, **HTTPS},
        timeout=5,
    )
    assert told.status_code == 400
    lines = [one for one in shared_server.output.read_text().splitlines() if FORUM in one]
    assert [json.loads(one)["event"] for one in lines] == ["origin_refused"]
