"""A thousand light Socket.IO clients in one process, that note when a packet reaches each.

They speak just enough of WebSocket and Engine.IO: text frames of the server, masked frames of
the client, and pongs.
"""

import json
import os
import selectors
import socket
import time
from collections.abc import Callable
from typing import Any

HANDSHAKE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{cookie}\r\n"
)
PATIENCE_S = 60


class Crowd:
    """Open sockets; `packets` of the last event asked for are counted as they arrive."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._chooser = selectors.DefaultSelector()
        self.clients: list[Client] = []

    def add(
        self, cookie: str = "", join: dict[str, Any] | None = None, event: str = "thread:join"
    ) -> None:
        """Open one more socket, and join a place if one is given. Raises TimeoutError."""
        client = Client(self._port, cookie)
        self.clients.append(client)
        self._chooser.register(client.socket, selectors.EVENT_READ, client)
        self._until(lambda: client.heard(b"0{"))
        client.say("40")
        self._until(lambda: client.heard(b"40"))
        if join is not None:
            client.say("420" + json.dumps([event, join]))
            self._until(lambda: client.heard(b'430[{"ok":true'))

    def settle(self, seconds: float) -> None:
        """Answer what comes for so long, and forget it."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            self._read(0.05)
        for client in self.clients:
            client.packets.clear()

    def after(self, act: Callable[[], object], prefix: bytes) -> tuple[float, bytes]:
        """Act, and return the seconds until every socket has such a packet, and the packet."""
        for client in self.clients:
            client.packets.clear()
        began = time.perf_counter()
        act()
        missing = set(self.clients)
        until = began + PATIENCE_S
        while missing:
            for client in self._read(1):
                if client in missing and client.heard(prefix):
                    missing.discard(client)
            if time.perf_counter() > until:
                raise TimeoutError(f"{len(missing)} sockets heard nothing of {prefix!r}")
        heard = next(p for p in self.clients[0].packets if p.startswith(prefix))
        return time.perf_counter() - began, heard

    def close(self) -> None:
        """Close every socket."""
        for client in self.clients:
            client.socket.close()

    def _until(self, reached: Callable[[], bool]) -> None:
        until = time.perf_counter() + PATIENCE_S
        while not reached():
            self._read(1)
            if time.perf_counter() > until:
                raise TimeoutError("a socket was not let in")

    def _read(self, seconds: float) -> list["Client"]:
        ready = [key.data for key, _mask in self._chooser.select(seconds)]
        for client in ready:
            client.read()
        return ready


class Client:
    """One socket, and the packets that have reached it."""

    def __init__(self, port: int, cookie: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.packets: list[bytes] = []
        self._received = b""
        self._upgraded = False
        kept = f"Cookie: {cookie}\r\n" if cookie else ""
        self.socket.sendall(HANDSHAKE.format(port=port, cookie=kept).encode())

    def heard(self, prefix: bytes) -> bool:
        """Whether a packet that begins so has come."""
        return any(packet.startswith(prefix) for packet in self.packets)

    def say(self, packet: str) -> None:
        """Send a packet, masked as the protocol demands."""
        data, mask = packet.encode(), os.urandom(4)
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2)
        masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))
        self.socket.sendall(b"\x81" + size + mask + masked)

    def read(self) -> None:
        """Take in what has come, and answer pings. Raises ConnectionError when it was closed."""
        chunk = self.socket.recv(65_536)
        if not chunk:
            raise ConnectionError("the server closed a socket")
        self._received += chunk
        if not self._upgraded:
            head, end, rest = self._received.partition(b"\r\n\r\n")
            if not end:
                return
            if b" 101 " not in head:
                raise ConnectionError(f"the server refused a socket: {head[:80]!r}")
            self._upgraded, self._received = True, rest
        while packet := self._frame():
            if packet == b"2":
                self.say("3")
            else:
                self.packets.append(packet)

    def _frame(self) -> bytes | None:
        data = self._received
        if len(data) < 2:
            return None
        length, start = data[1] & 0x7F, 2
        if length > 125:
            start = 4 if length == 126 else 10
            length = int.from_bytes(data[2:start]) if len(data) >= start else 1 << 62
        if len(data) < start + length:
            return None
        self._received = data[start + length :]
        return data[start : start + length]
