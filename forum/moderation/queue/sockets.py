"""The Socket.IO door of the queue."""

from flask import render_template, request

from forum.accounts.login.current_user import viewer
from forum.core.realtime import presence, socket_events
from forum.core.realtime.socket_events import Ack, on
from forum.moderation.on_call import rota
from forum.moderation.queue import broadcasts as queue_live
from forum.moderation.queue import queries as queue_queries

CATCH_UP_MAX = 100


@on("queue:join")
def join(after: int = 0) -> Ack:
    """Follow the queue: answers what has changed after version `after`, or "reload"."""
    me = viewer()
    account_id = rota.require_moderator(me)
    socket_events.join(queue_live.room_of(account_id))
    presence.here().enter(queue_live.PRESENCE, str(request.sid), account_id)  # type: ignore[attr-defined]
    version = queue_queries.last_version(me)
    changed = queue_queries.changes_after(me, after, CATCH_UP_MAX + 1)
    if len(changed) > CATCH_UP_MAX:
        return {"version": version, "items": [], "reload": True}
    return {
        "version": version,
        "items": [
            {"id": item.id, "version": item.version}
            | (
                {"html": render_template("moderation/queue/_queue_row.html", item=item)}
                if item.is_open
                else {"gone": True}
            )
            for item in changed
        ],
    }
