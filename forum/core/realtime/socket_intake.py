"""What comes in at the Socket.IO door, before any event of ours: counted, bounded, and checked.

python-socketio has no hooks for this, so its handlers are replaced here, in one place. What no
browser of ours sends ends its socket: bytes and attachments, acknowledgements, other namespaces,
packets that cannot be decoded, and more of anything than `socket_limits` allows.
"""

import io
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

import structlog
from engineio.payload import Payload
from flask import Flask
from socketio.packet import CONNECT, DISCONNECT, EVENT

from forum.core.background import periodic
from forum.core.realtime import presence
from forum.core.realtime.socket_limits import PACKET_MAX, Sockets
from forum.core.web import rate_limits

OURS = {CONNECT, DISCONNECT, EVENT}
RESERVED = {"connect", "disconnect", "*"}
LOOK_EVERY_S = 5.0
TOO_MANY = b"There are very many connections from your address already. Please try again later."

log = structlog.get_logger()
_intake: "Intake | None" = None


def install(app: Flask, server: Any) -> None:
    """Take in for this Socket.IO server all that browsers send."""
    global _intake
    _intake = Intake(app, server)


def admit(sid: str, account_id: int | None) -> bool:
    """Note whose socket this is, None for a visitor's; return False if a person has too many."""
    return _intake is None or _intake.admit(sid, account_id)


class _Unwanted(Exception):
    """A packet that no browser of ours sends."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Intake:
    """What is between the wire and Socket.IO's server."""

    def __init__(self, app: Flask, server: Any) -> None:
        self._app, self._server, self._engine = app, server, server.eio
        self._answer = server.eio.handle_request
        self._connected, self._gone = server._handle_eio_connect, server._handle_eio_disconnect  # noqa: SLF001
        self.sockets = Sockets(self._end, counting=rate_limits.is_enabled)
        server.eio.handle_request = self.handle_request
        # What it would say of one browser's odd request, once in a process, helps nobody.
        server.eio._log_error_once = lambda *_words: None  # noqa: SLF001
        for event, take in (
            ("connect", self.take_socket),
            ("message", self.take_message),
            ("disconnect", self.lose_socket),
        ):
            server.eio.on(event, take)
        if periodic.serving():
            from forum.core.realtime import websockets  # elsewhere there are none

            make = websockets.bounded(PACKET_MAX, self.sockets.count)
            server.eio._async = {**server.eio._async, "websocket": make}  # noqa: SLF001
        periodic.every(LOOK_EVERY_S, "idle_sockets", self._close_idle)

    def admit(self, sid: str, account_id: int | None) -> bool:
        """Note whose socket this is; return False if this person has as many as may be."""
        eio_sid = self._server.manager.eio_sid_from_sid(sid, "/")
        fine = account_id is None or self.sockets.may_have_more(account_id)
        if fine:
            self.sockets.belongs_to(eio_sid, account_id)
        return fine

    def handle_request(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request to Socket.IO, if it is not one too many."""
        sid = parse_qs(environ.get("QUERY_STRING", "")).get("sid", [""])[0]
        if not sid and self.sockets.is_full(self._address(environ)):
            start_response("503 Service Unavailable", [("Retry-After", "60")])
            return [TOO_MANY]
        refused = False

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Callable[..., Any]:
            nonlocal refused
            refused = status.startswith("4")
            started: Callable[..., Any] = start_response(status, headers, *more)
            return started

        if sid and environ["REQUEST_METHOD"] == "POST":
            body = self._body(sid, environ)
            if body is None:
                start_response("400 Bad Request", [])
                return []
            environ = {**environ, "wsgi.input": io.BytesIO(body)}
        answer: Iterable[bytes] = self._answer(environ, begin)
        if refused and sid:
            # Else its other request, which waits for news, would keep a browser's connection busy.
            self._end(sid)
        return answer

    def take_socket(self, eio_sid: str, environ: dict[str, Any]) -> Any:
        """Let in a socket that has opened."""
        self.sockets.opened(eio_sid, self._address(environ))
        return self._connected(eio_sid, environ)

    def lose_socket(self, eio_sid: str, reason: Any) -> None:
        """Let go of a socket that has closed."""
        self.sockets.gone(eio_sid)
        self._gone(eio_sid, reason)

    def take_message(self, eio_sid: str, data: Any) -> None:
        """Pass one packet on, or end its socket."""
        found = self._engine.sockets.get(eio_sid)
        if found is None or found.closed or found.closing:
            return
        try:
            self._pass_on(eio_sid, self._decoded(data))
        except _Unwanted as unwanted:
            self.sockets.close(eio_sid, unwanted.why)

    def _decoded(self, data: Any) -> Any:
        if not isinstance(data, str) or data[:1] in {"5", "6"}:
            raise _Unwanted("attachments")
        try:
            packet = self._server.packet_class(encoded_packet=data)
        except (ValueError, TypeError, IndexError, RecursionError) as problem:
            raise _Unwanted("cannot be decoded") from problem
        if packet.packet_type not in OURS or packet.namespace not in {None, "/"}:
            raise _Unwanted("no packet of ours")
        return packet

    def _pass_on(self, eio_sid: str, packet: Any) -> None:
        here = self._server.manager.sid_from_eio_sid(eio_sid, "/")
        if packet.packet_type == CONNECT:
            if here:
                raise _Unwanted("no packet of ours")
            self._server._handle_connect(eio_sid, "/", packet.data)  # noqa: SLF001
            self._end_unless_connected(eio_sid)
        elif not here:
            pass  # it was under way when its session ended
        elif packet.packet_type == DISCONNECT:
            self._server._handle_disconnect(eio_sid, "/")  # noqa: SLF001
        else:
            self._pass_event_on(eio_sid, packet)

    def _pass_event_on(self, eio_sid: str, packet: Any) -> None:
        name = packet.data[0] if isinstance(packet.data, list) and packet.data else None
        if not isinstance(name, str):
            raise _Unwanted("no packet of ours")
        # A client may not announce its own connection or end by calling the handlers by name.
        if name not in RESERVED:
            self._server._handle_event(eio_sid, "/", packet.id, packet.data)  # noqa: SLF001

    def _body(self, eio_sid: str, environ: dict[str, Any]) -> bytes | None:
        """Return the body of a request that sends packets; None where it ends its socket."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > PACKET_MAX:
            self.sockets.close(eio_sid, "too large")
            return None
        body: bytes = environ["wsgi.input"].read(length)
        try:
            packets = Payload(encoded_payload=body.decode()).packets
        except (ValueError, KeyError, IndexError):
            self.sockets.close(eio_sid, "cannot be decoded")
            return None
        return body if all(self.sockets.count(eio_sid) for _ in packets) else None

    def _address(self, environ: dict[str, Any]) -> str:
        with self._app.request_context(environ):
            return rate_limits.client_address()

    def _end(self, eio_sid: str) -> None:
        found = self._engine.sockets.get(eio_sid)
        if found is not None and not found.closed:
            found.close(wait=False, abort=True)

    def _end_unless_connected(self, eio_sid: str) -> None:
        """End a socket that was refused once the answer that says so is on its way."""
        if not self._server.manager.sid_from_eio_sid(eio_sid, "/"):
            found = self._engine.sockets.get(eio_sid)
            if found is not None:
                self.sockets.gone(eio_sid)
                found.close(wait=False)

    def _close_idle(self) -> None:
        self.sockets.close_idle(self._is_anywhere)

    def _is_anywhere(self, eio_sid: str) -> bool:
        sid = self._server.manager.sid_from_eio_sid(eio_sid, "/")
        return sid is not None and presence.here().is_anywhere(sid)
