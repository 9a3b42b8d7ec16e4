"""The Socket.IO door: every event is checked, acknowledged, limited and counted the same way.

`SocketIO` comes from Flask-SocketIO; what is here closes its known gaps. Slices declare events with
`@on`, and send with `send`; the slice's policy decides on the recipients, never this module.
"""

import json
from collections.abc import Callable, Collection
from functools import wraps
from inspect import signature
from typing import Any, TypeAlias

import structlog
from flask import Flask, request
from flask_socketio import SocketIO, join_room, leave_room
from gevent import monkey

from forum.core import db, ids, metrics
from forum.core.db import database_errors
from forum.core.errors import Busy, Invalid, NotFound, Refusal, Unavailable
from forum.core.realtime import origins, presence, socket_intake, socket_limits
from forum.core.translation import _, catalogues, languages
from forum.core.web import rate_limits
from forum.settings.environment import Settings

EVENT_LIMIT = "60 per 10 seconds"
CATCH_UP_BYTES = 1_000_000  # a page that has missed more reloads, a part at a time

Ack: TypeAlias = dict[str, Any]
Answer: TypeAlias = Callable[..., Ack | None]
log = structlog.get_logger()
socketio = SocketIO()
registry: dict[str, Answer] = {}
_gone: list[Callable[[str], None]] = []


class StrictJson:
    """JSON as the standard has it: NaN and Infinity neither come in nor go out."""

    @staticmethod
    def loads(text: str) -> Any:
        """Parse; a NaN or Infinity becomes null, which no event's field accepts.

        An event that is no JSON, or is nested or long beyond reason, becomes null as well, which
        is no event. Anything else that is no JSON raises ValueError, as the library expects.
        """
        try:
            return json.loads(text, parse_constant=lambda _constant: None)
        except (ValueError, RecursionError):
            if text.startswith("["):
                return None
            raise

    @staticmethod
    def dumps(value: Any, **options: Any) -> str:
        """Serialise. Raises ValueError on NaN and Infinity."""
        return json.dumps(value, **{**options, "allow_nan": False})


def init(app: Flask, settings: Settings) -> None:
    """Attach Socket.IO to the application."""
    socketio.init_app(
        app,
        async_mode="gevent" if monkey.is_module_patched("socket") else "threading",
        async_handlers=False,
        json=StrictJson,
        manage_session=False,
        max_http_buffer_size=socket_limits.PACKET_MAX,
        message_queue=settings.redis_url or None,
        transports=["websocket"] if settings.workers > 1 else ["polling", "websocket"],
        cors_allowed_origins=lambda origin, environ: origins.is_welcome(origin, environ, settings),
    )
    app.jinja_env.globals["transports"] = " ".join(socketio.server_options["transports"])
    socket_intake.install(app, socketio.server)
    presence.init(settings.redis_url)


def on(name: str, limit: str = EVENT_LIMIT) -> Callable[[Answer], Answer]:
    """Declare what answers a client's event.

    The function's parameters, all `int` or `str`, are the event's fields; one with a default may
    be left out. What it returns goes back with `"ok": True`; a Refusal goes back as the error.
    """

    def declare(answer: Answer) -> Answer:
        fields = signature(answer).parameters

        @wraps(answer)
        def acknowledged(payload: object = None, *surplus: object) -> Ack:
            languages.speak(None)  # the last event's may have been another's
            try:
                rate_limits.hit(limit, name, rate_limits.counted())
                return {"ok": True, **(answer(**_checked(payload, surplus, fields)) or {})}
            except Refusal as refusal:
                return {"ok": False, "error": refusal.as_dict()}
            except Exception as problem:
                log.exception("event_failed", event_name=name)
                if reason := database_errors.explain(problem):
                    away = Busy() if reason.passes else Unavailable()
                    return {"ok": False, "error": away.as_dict()}
                return {
                    "ok": False,
                    "error": {
                        "code": "fault",
                        "fields": {},
                        "message": _("Something went wrong on our side."),
                    },
                }
            finally:
                db.release_session()

        registry[name] = answer
        socketio.on_event(name, acknowledged)
        return answer

    return declare


def when_gone(forget: Callable[[str], None]) -> None:
    """Call `forget` with the id of each socket that has closed."""
    _gone.append(forget)


@socketio.on("disconnect")  # type: ignore[untyped-decorator]
def _disconnected(*_reason: object) -> None:
    metrics.sockets.dec()
    for forget in _gone:
        try:
            forget(request.sid)  # type: ignore[attr-defined]
        finally:
            db.release_session()


@socketio.on("*")  # type: ignore[untyped-decorator]
def _unknown(_name: str, *_payload: object) -> Ack:
    refusal = NotFound("There is no such event.", code="unknown_event")
    return {"ok": False, "error": refusal.as_dict()}


def join(room: str) -> None:
    """Let the socket that asks hear what is sent to a room, and what is sent in its language."""
    join_room(room)
    join_room(_in_language(room, languages.current()))


def leave(room: str) -> None:
    """Take the socket that asks out of a room."""
    leave_room(room)
    leave_room(_in_language(room, languages.current()))


def close(room: str) -> None:
    """Take all sockets out of a room."""
    for one in (room, *(_in_language(room, language) for language in catalogues.codes())):
        socketio.close_room(one)


def send_translated(
    event: str, make: Callable[[], dict[str, Any]], rooms: Collection[str], place: str
) -> None:
    """Emit what `make` returns to everyone in these rooms, made once in each of their languages.

    `place` is where they all are present.
    """
    if rooms:
        for language in presence.here().languages(place):
            with languages.using(language):
                send_in_this_language(event, make(), rooms)


def send_in_this_language(event: str, payload: dict[str, Any], rooms: Collection[str]) -> None:
    """Emit to those in these rooms whose pages are in the current language."""
    send(event, payload, [_in_language(room, languages.current()) for room in rooms])


def _in_language(room: str, language: str) -> str:
    return f"{room}@{language}"


def send(event: str, payload: dict[str, Any], rooms: Collection[str]) -> None:
    """Emit to everyone in these rooms, once each; to nobody when there are no rooms."""
    if rooms:
        socketio.emit(event, payload, to=list(rooms))


def _checked(payload: object, surplus: tuple[object, ...], fields: Any) -> dict[str, Any]:
    given = {} if payload is None else payload
    if not isinstance(given, dict) or surplus or not set(given) <= set(fields):
        raise Invalid("This event does not take that.", code="bad_event")
    wrong = {
        name: f"This must be given as {field.annotation.__name__}."
        for name, field in fields.items()
        if (name not in given and field.default is field.empty)
        or (name in given and type(given[name]) is not field.annotation)
    }
    if wrong:
        raise Invalid("This event does not take that.", code="bad_event", fields=wrong)
    if any(isinstance(value, int) and abs(value) > ids.ROW_MAX for value in given.values()):
        raise NotFound
    return given
