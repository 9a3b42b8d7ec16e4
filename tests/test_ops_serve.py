"""`forum serve` as the operator meets it."""

import socketio

from tests.servers import Server


def test_it_says_where_it_is_and_stops_at_once(server: Server) -> None:
    assert f"Common Thread is at {server.url}" in server.output.read_text()
    with socketio.SimpleClient() as browser:
        browser.connect(server.url, transports=["websocket"])
        assert browser.call("nonsense", {})["error"]["code"] == "unknown_event"
        assert server.stop() < 3.0
    assert server.process is not None
    assert server.process.returncode == 0


def test_second_start_is_quick(server: Server) -> None:
    server.stop()
    server.start()
    assert server.ready_s < 4.0
