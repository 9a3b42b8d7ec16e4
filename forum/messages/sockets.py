"""The Socket.IO door of conversations."""

from collections.abc import Sequence
from typing import Any

from flask import request

from forum.accounts.login.current_user import viewer
from forum.accounts.policy import Viewer, member_id
from forum.core.errors import NotFound
from forum.core.realtime import presence, socket_events
from forum.core.realtime.socket_events import CATCH_UP_BYTES, Ack, on
from forum.core.web import private_ids
from forum.messages import broadcasts, participant_state, queries
from forum.messages.content import fragments
from forum.messages.content import queries as content_queries

CATCH_UP_MAX = 100


@on("conversation:join")
def join(conversation_id: str, after: int = 0) -> Ack:
    """Follow a conversation: answers all that has changed after a version, or "reload"."""
    me = viewer()
    found = queries.conversation_for(me, _id(conversation_id))
    account_id = member_id(me)
    socket_events.join(broadcasts.room(found.id, account_id))
    presence.here().enter(broadcasts.presence_key(found.id), _sid(), account_id)
    changed = content_queries.changes_after(me, found.id, after, CATCH_UP_MAX + 1)
    version = content_queries.last_version(me, found.id)
    size = sum(row.size for row in changed if row.shown)
    if len(changed) > CATCH_UP_MAX or size > CATCH_UP_BYTES:
        return {"version": version, "messages": [], "reload": True}
    return {
        "version": version,
        "messages": _payloads(me, changed),
        "state": found.shown_state,
        "may_write": found.may_write,
    }


@on("conversation:leave")
def leave(conversation_id: str) -> None:
    """Follow a conversation no longer."""
    me, its_id = viewer(), private_ids.id_of(conversation_id)
    socket_events.leave(broadcasts.room(its_id, me.id or 0))
    presence.here().leave(broadcasts.presence_key(its_id), _sid())


@on("conversation:typing", limit="20 per 10 seconds")
def typing(conversation_id: str) -> None:
    """Say that one is writing; it is shown where both let others see when they are here."""
    me = viewer()
    found = queries.conversation_for(me, _id(conversation_id))
    if found.may_write and not me.invisible and not found.other_invisible:
        broadcasts.broadcast_typing(found.id, member_id(me), me.handle)


@on("conversation:seen")
def seen(conversation_id: str, number: int) -> None:
    """Say up to which message one has read; that is known to nobody else."""
    participant_state.mark_read(viewer(), _id(conversation_id), number)


def _payloads(me: Viewer, changed: Sequence[Any]) -> list[dict[str, Any]]:
    html = fragments.for_reader(me.id, [row for row in changed if row.shown])
    return [
        {
            "id": row.number,
            "number": row.number,
            "version": row.version,
            "html": str(html[row.id]),
        }
        if row.shown
        else {"id": row.number, "number": row.number, "version": row.version, "removed": True}
        for row in changed
    ]


def _id(conversation_id: str) -> int:
    its_id = private_ids.id_of(conversation_id)
    if its_id == private_ids.NOTHING:
        raise NotFound
    return its_id


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]
