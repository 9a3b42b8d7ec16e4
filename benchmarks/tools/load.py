"""A small keep-alive load generator: a few connections, one request in flight on each."""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

ACCEPT_ENCODING = "gzip, deflate, br, zstd"


@dataclass
class Round:
    """What one round of requests gave."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    body_bytes: int = 0

    @property
    def answered(self) -> int:
        """How many requests were answered."""
        return sum(self.statuses.values())

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return self.answered / self.seconds

    def expect(self, status: int) -> "Round":
        """Return this round. Raises RuntimeError when anything else was answered."""
        if set(self.statuses) != {status}:
            raise RuntimeError(f"expected only {status}, got {dict(self.statuses)}")
        return self


def request(
    method: str,
    path: str,
    cookie: str = "",
    body: bytes = b"",
    headers: dict[str, str] | None = None,
) -> bytes:
    """Return a request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Accept-Encoding: {ACCEPT_ENCODING}"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if body:
        lines.append(f"Content-Length: {len(body)}")
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def form(**fields: str) -> bytes:
    """Return the body of a form."""
    return urlencode(fields).encode()


def drive(port: int, requests: Iterator[bytes], *, connections: int, seconds: float) -> Round:
    """Send requests, one after the other on each connection, until the time or they are up."""
    done, chooser = Round(), selectors.DefaultSelector()
    began = time.perf_counter()
    until = began + seconds
    for _ in range(connections):
        line = Line(port)
        if line.send(next(requests, None)):
            chooser.register(line.socket, selectors.EVENT_READ, line)
    while chooser.get_map():
        for key, _mask in chooser.select(30):
            line = key.data
            answer = line.receive()
            if answer is None:
                continue
            done.statuses[answer[0]] += 1
            done.body_bytes += answer[1]
            if time.perf_counter() >= until or not line.send(next(requests, None)):
                chooser.unregister(line.socket)
                line.socket.close()
    done.seconds = time.perf_counter() - began
    return done


class Line:
    """One connection; every answer must say how long it is."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = bytearray()
        self._needed = 0
        self._answer = (0, 0)

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_error: object) -> None:
        self.socket.close()

    def send(self, message: bytes | None) -> bool:
        """Send a request; return whether there was one."""
        if message is not None:
            self.socket.sendall(message)
        return message is not None

    def receive(self) -> tuple[int, int] | None:
        """Return status and length of the body once all of an answer is here."""
        chunk = self.socket.recv(262_144)
        if not chunk:
            raise ConnectionError("the server closed a connection")
        self._received += chunk
        if not self._needed:
            end = self._received.find(b"\r\n\r\n")
            if end < 0:
                return None
            head = bytes(self._received[:end]).lower()
            at = head.index(b"content-length:") + 15
            length = int(head[at : head.find(b"\r\n", at) if b"\r\n" in head[at:] else None])
            self._needed, self._answer = end + 4 + length, (int(head[9:12]), length)
        if len(self._received) < self._needed:
            return None
        self._received.clear()
        self._needed = 0
        return self._answer

    def wait(self, status: int) -> None:
        """Wait for the answer. Raises RuntimeError when it is another one."""
        while (answer := self.receive()) is None:
            pass
        if answer[0] != status:
            raise RuntimeError(f"expected {status}, got {answer[0]}")
