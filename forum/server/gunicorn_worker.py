"""gunicorn's gevent worker, which does not wait for ever for half a request.

It is loaded before the worker has made the standard library cooperative, so it imports nothing of
ours.
"""

import io
from collections import defaultdict
from typing import Any

import gevent
from gunicorn.workers.ggevent import GeventWorker

FIRST_HEADERS_WITHIN_S = 15
BODY_WITHIN_S = 60
PIECE = 4_096  # bytes, each of which may come in a chunk of its own
TURN_S = 0.001  # sleep(0) would not look at what has come in
BODY_MAX = 512_000  # more than any page takes; the forum refuses it before it is read


class Deadline(gevent.Timeout):  # type: ignore[misc]
    """The time that a connection has for what it must send; that is over sooner in a crowd."""

    def __init__(self, crowd: "SlowConnections", address: str, seconds: float) -> None:
        super().__init__(seconds, False)
        self._greenlet = gevent.getcurrent()
        self._ending: Any = None
        self._crowd, self._address = crowd, address

    def __enter__(self) -> "Deadline":
        self._crowd.add(self._address, self)
        super().__enter__()
        return self

    def __exit__(self, kind: Any, value: Any, trace: Any) -> Any:
        self._crowd.remove(self._address, self)
        if self._ending is not None:
            self._ending.stop()
        return super().__exit__(kind, value, trace)

    def end(self) -> None:
        """Let it be over now."""
        self._ending = gevent.get_hub().loop.run_callback(self._greenlet.throw, self)


class SlowConnections:
    """Connections that have not sent all that they must, by address, the oldest first."""

    def __init__(self, most: int) -> None:
        self._most, self._count = most, 0
        self._waiting: defaultdict[str, dict[Deadline, None]] = defaultdict(dict)

    def add(self, address: str, wait: Deadline) -> None:
        """Add one. Where they are too many, the oldest of the address with most of them ends."""
        self._waiting[address][wait] = None
        self._count += 1
        if self._count > self._most:
            heaviest = max(self._waiting, key=lambda each: len(self._waiting[each]))
            oldest = next(iter(self._waiting[heaviest]))
            self.remove(heaviest, oldest)
            oldest.end()

    def remove(self, address: str, wait: Deadline) -> None:
        """Remove one, if it is there."""
        theirs = self._waiting.get(address)
        if theirs is None or wait not in theirs:
            return
        del theirs[wait]
        self._count -= 1
        if not theirs:
            del self._waiting[address]


def _in_pieces(source: Any, most: int) -> bytes:
    """Return so much of a body that comes in chunks, or all; others go on between its pieces.

    Half a million chunks of one byte take seconds to put together.
    """
    body = io.BytesIO()
    while piece := source.read(min(PIECE, most - body.tell())):
        body.write(piece)
        if len(piece) == PIECE:
            gevent.sleep(TURN_S)
    return body.getvalue()


class SlowClientWorker(GeventWorker):  # type: ignore[misc]
    """Waits for headers and bodies itself, for a while, and for so many at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Half of all: those that have sent everything, and open sockets, keep the other half.
        self._crowd = SlowConnections(self.worker_connections // 2)

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """Serve one connection."""
        greenlet = gevent.getcurrent()
        greenlet.address = addr[0] if isinstance(addr, tuple) else "local"
        greenlet.is_new = True
        super().handle(listener, client, addr)

    def timeout_ctx(self) -> Deadline:
        """Return the time for the next request's headers; between two, a browser may be idle."""
        greenlet = gevent.getcurrent()
        seconds = FIRST_HEADERS_WITHIN_S if greenlet.is_new else self.cfg.keepalive
        greenlet.is_new = False
        return Deadline(self._crowd, greenlet.address, seconds)

    def handle_request(self, *request: Any) -> Any:
        """Answer one request, and let others have their turn before this connection's next one."""
        answered = super().handle_request(*request)
        gevent.sleep(TURN_S)
        return answered

    def load_wsgi(self) -> None:
        """Load the forum, which is only asked once a request is complete."""
        super().load_wsgi()
        application: Any = self.wsgi

        def when_complete(environ: dict[str, Any], start_response: Any) -> Any:
            complete = self._complete(environ)
            if complete is None:
                start_response("408 Request Timeout", [("Connection", "close")])
                return []
            return application(complete, start_response)

        self.wsgi: Any = when_complete

    def _complete(self, environ: dict[str, Any]) -> dict[str, Any] | None:
        """Return the request with its whole body, whose length is known then; None if it stalls.

        One that says beforehand that it is too long is passed on as it is, to be refused.
        """
        length = int(environ.get("CONTENT_LENGTH") or 0)
        in_chunks = "HTTP_TRANSFER_ENCODING" in environ
        if length > BODY_MAX or (length == 0 and not in_chunks):
            return environ
        body = None
        with Deadline(self._crowd, gevent.getcurrent().address, BODY_WITHIN_S):
            source = environ["wsgi.input"]
            body = _in_pieces(source, BODY_MAX + 1) if in_chunks else source.read(length)
        if body is None or len(body) < length:
            return None
        whole = {name: it for name, it in environ.items() if name != "HTTP_TRANSFER_ENCODING"}
        return {**whole, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
