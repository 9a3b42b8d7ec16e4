"""A Socket.IO client that says whatever it likes."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import websocket

from tests.support.servers.real_servers import Server


class Raw:
    """A Socket.IO client that says whatever it likes."""

    def __init__(self, server: Server, **options: Any) -> None:
        self.line = websocket.create_connection(
            f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket",
            timeout=5,
            **options,
        )
        assert self.hear().startswith("0{")
        self.line.send("40")
        assert self.hear().startswith("40{")

    @property
    def wire(self) -> socket.socket:
        """The bare connection under it."""
        assert self.line.sock is not None
        return self.line.sock

    def hear(self) -> str:
        """Return the next packet."""
        return str(self.line.recv())

    def ask(self, packet: str) -> Any:
        """Send an event's JSON with an acknowledgement id, and return what comes back."""
        self.line.send(f"421{packet}")
        while not (answer := self.hear()).startswith("431"):
            assert answer != "1", "the server hung up"
            if answer == "2":
                self.line.send("3")
        return json.loads(answer[3:])[0]


@contextmanager
def talking(server: Server, **options: Any) -> Iterator[Raw]:
    """Open a connection for a test."""
    raw = Raw(server, **options)
    try:
        yield raw
    finally:
        raw.line.close()
