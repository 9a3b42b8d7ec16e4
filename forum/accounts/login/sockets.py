"""Sockets of logged-in people: known when they open, disconnected when their session ends."""

from flask import request
from flask_socketio import ConnectionRefusedError as Refused

from forum.accounts import queries
from forum.accounts.events import SessionsEnded
from forum.accounts.login.current_user import viewer
from forum.core import db, metrics
from forum.core.background import periodic
from forum.core.realtime import presence, socket_events, socket_intake
from forum.core.realtime.socket_events import socketio
from forum.core.translation import languages

CHECK_EVERY_S = 1.0
_session_of: dict[str, int] = {}


def room(account_id: int) -> str:
    """Return the room of all sockets of one person."""
    return f"account:{account_id}"


@socketio.on("connect")  # type: ignore[untyped-decorator]
def connect(_auth: object = None) -> None:
    """Let in members and visitors, but nobody who is suspended or has very many sockets."""
    languages.speak(None)
    try:
        me = viewer()
    finally:
        db.release_session()
    if me.suspended:
        raise Refused("suspended")
    if not socket_intake.admit(request.sid, me.id):  # type: ignore[attr-defined]
        raise Refused("too many")
    metrics.sockets.inc()
    if me.id is not None and me.session_id is not None:
        _session_of[request.sid] = me.session_id  # type: ignore[attr-defined]
        socket_events.join(room(me.id))
        presence.here().enter(room(me.id), request.sid, me.id)  # type: ignore[attr-defined]
    periodic.every(CHECK_EVERY_S, "disconnect_all_ended", disconnect_all_ended)


def disconnect_all_ended() -> None:
    """Close the sockets here of sessions that were ended anywhere, in any process."""
    here = set(_session_of.values())
    if here:
        _disconnect(here - queries.open_sessions(here))


def disconnect_ended(event: SessionsEnded) -> None:
    """Close the sockets here of sessions that have just ended."""
    _disconnect(set(event.session_ids))


def _disconnect(session_ids: set[int]) -> None:
    for sid, session_id in list(_session_of.items()):
        if session_id in session_ids:
            socketio.server.disconnect(sid)


def _forget(sid: str) -> None:
    _session_of.pop(sid, None)


socket_events.when_gone(_forget)
