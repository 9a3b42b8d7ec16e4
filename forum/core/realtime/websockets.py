"""WebSockets that hold no more than they may: bytes are bounded before anything is made of them.

The library under Socket.IO takes compressed frames of any size, and reads on while what it has read
still waits. Here nothing is compressed, a message has a most, and reading waits for its turn.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import gevent
import simple_websocket
from engineio.async_drivers.gevent import Thread
from gevent.event import Event
from gevent.lock import BoundedSemaphore
from gevent.selectors import DefaultSelector
from wsproto import WSConnection
from wsproto.events import Event as Frame

from forum.core.cooperative_yielding import TURN_S, give_way

EXTENSIONS = "HTTP_SEC_WEBSOCKET_EXTENSIONS"
NEXT_LOOK_S = 0.005


def bounded(message_max: int, count: Callable[[str], bool]) -> Callable[..., Any]:
    """Return what serves Engine.IO's WebSockets.

    `message_max` is in bytes; `count` is called for each frame with the id of its socket, and
    returns whether more may follow.
    """

    def make(handler: Any, _engine: object) -> "_WebSocket":
        return _WebSocket(handler, message_max, lambda: count(handler.__self__.sid))

    return make


class _WebSocket:
    """One connection, as Engine.IO wants it."""

    def __init__(self, handler: Any, message_max: int, may_go_on: Callable[[], bool]) -> None:
        self._handler, self._message_max, self._may_go_on = handler, message_max, may_go_on

    def __call__(self, environ: dict[str, Any], _start_response: object) -> Any:
        environ.pop(EXTENSIONS, None)  # compression cannot be agreed on when it is not offered
        self._line = _Line(
            environ,
            may_go_on=self._may_go_on,
            max_message_size=self._message_max,
            thread_class=Thread,
            event_class=Event,
            selector_class=DefaultSelector,
        )
        self._handler(self)
        raise StopIteration  # so gunicorn knows that the connection has been used up

    def close(self) -> None:
        """End the connection."""
        if self._line.connected:
            self._line.close()

    def send(self, message: str | bytes) -> None:
        """Send a message. Raises OSError if the other side has gone."""
        try:
            self._line.send(message)
        except simple_websocket.ConnectionClosed as gone:
            raise OSError from gone

    def wait(self) -> str | bytes | None:
        """Return the next message, or None if the other side has gone."""
        # However fast somebody sends, everybody else has a turn between two messages that are here.
        # A socket that sends one now and then waits below, and nobody waits for it.
        if self._line.input_buffer:
            give_way()
        try:
            received: str | bytes | None = self._line.receive()
        except simple_websocket.ConnectionClosed:
            return None
        return received


class _Line(simple_websocket.Server):  # type: ignore[misc]
    def __init__(
        self, environ: dict[str, Any], *, may_go_on: Callable[[], bool], **options: Any
    ) -> None:
        self._may_go_on = may_go_on
        super().__init__(environ, **options)

    def handshake(self) -> None:
        """Agree on a connection, and count from then on."""
        self.sock: Any = _Wire(self.sock)
        super().handshake()
        self.ws: Any = _Counted(self.ws, self)

    def take_turns(self) -> None:
        """Read no further while what was read is waiting."""
        while self.connected and self.input_buffer:
            gevent.sleep(NEXT_LOOK_S)

    def count(self) -> None:
        """Count a frame. Raises ConnectionResetError, which ends it all, at one too many."""
        if not self._may_go_on():
            raise ConnectionResetError


class _Wire:
    """A connection's socket that sends all it is given, and one thing after the other; and lets
    everybody else go on when this one's bytes need not be waited for.

    The library below takes for sent what a full buffer had no room for: of a long answer to a slow
    phone the rest was missing, and its browser waited for ever.
    """

    def __init__(self, wire: Any) -> None:
        self._wire, self._turn = wire, BoundedSemaphore()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wire, name)

    def recv(self, size: int) -> bytes:
        """Return what has come in, b"" if the other side has gone. Raises OSError."""
        began = time.monotonic()
        data: bytes = self._wire.recv(size)
        if time.monotonic() - began < TURN_S:
            give_way()
        return data

    def send(self, data: bytes) -> int:
        """Send all of it. Raises OSError if the other side has gone."""
        with self._turn:
            self._wire.sendall(data)
        return len(data)


class _Counted:
    """The protocol of a connection, each frame of which is counted before it is decoded further."""

    def __init__(self, protocol: WSConnection, line: _Line) -> None:
        self._protocol, self._line = protocol, line

    def __getattr__(self, name: str) -> Any:
        return getattr(self._protocol, name)

    def receive_data(self, data: bytes | None) -> None:
        """Take in what was read, when it is this connection's turn."""
        self._line.take_turns()
        self._protocol.receive_data(data)

    def events(self) -> Iterator[Frame]:
        """Yield the frames, each of them counted."""
        for frame in self._protocol.events():
            self._line.count()
            yield frame
