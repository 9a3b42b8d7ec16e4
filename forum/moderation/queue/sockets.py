"""The Socket.IO door of the queue."""

from flask import render_template, request
from flask_socketio import join_room

from forum.accounts.login.current_user import viewer
from forum.core.realtime import presence
from forum.core.realtime.socket_events import Ack, on
from forum.moderation.on_call import rota
from forum.moderation.queue import broadcasts as queue_live
from forum.moderation.queue import queries as queue_queries

CATCH_UP_MAX = 100


@on("queue:join")
def join(after: int = 0) -> Ack:
    """Follow the queue: answers what has changed after version `after`, or "reload"."""
    me = viewer()
    account_id = rota.require_tending(me)
    join_room(queue_live.room(account_id))
    presence.here().enter(queue_live.PLACE, str(request.sid), account_id)  # type: ignore[attr-defined]
    version = queue_queries.version(me)
    changed = queue_queries.changes_after(me, after, CATCH_UP_MAX + 1)
    if len(changed) > CATCH_UP_MAX:
        return {"version": version, "entries": [], "reload": True}
    return {
        "version": version,
        "entries": [
            {"id": entry.id, "version": entry.version}
            | (
                {"html": render_template("moderation/_queue_row.html", entry=entry)}
                if entry.open
                else {"gone": True}
            )
            for entry in changed
        ],
    }
