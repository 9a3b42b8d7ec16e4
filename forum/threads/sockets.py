"""The Socket.IO door of threads."""

from typing import Any

from flask import request

from forum.accounts.login.current_user import viewer
from forum.accounts.policy import Viewer, member_id
from forum.core.errors import Gone
from forum.core.realtime import presence, socket_events
from forum.core.realtime.socket_events import CATCH_UP_BYTES, Ack, on
from forum.groups import profile_links, quotation_visibility
from forum.groups.membership import hidden_content_access
from forum.threads import catch_up, queries
from forum.threads.broadcasts import thread_broadcasts as live
from forum.threads.posts import fragments, reply_permission
from forum.threads.reader import reader_state

CATCH_UP_MAX = 100


@on("thread:join")
def join(thread_id: int, after: int = 0) -> Ack:
    """Follow a thread: answers everything that has changed after version `after`, or "reload"."""
    me = viewer()
    thread = queries.current_thread_for(me, thread_id)
    if thread.id != thread_id:
        raise Gone(live.THREAD_MOVED_MESSAGES["merged"], code="merged")
    socket_events.join(live.room(thread_id, me.id or 0))
    if presence.here().enter(live.presence_key(thread_id), _sid(), me.id or 0):
        live.broadcast_present_soon(thread_id)
    present = live.present_for(thread_id, me.id or 0)
    changed = catch_up.changes_after(me, thread_id, after, CATCH_UP_MAX + 1)
    size = sum(row.size for row in changed if row.shown)
    if len(changed) > CATCH_UP_MAX or size > CATCH_UP_BYTES or 0 < after < thread.reload_version:
        return {"version": thread.version, "posts": [], "present": present, "reload": True}
    hidden_content_access.record(me, thread.group_id, "post", [row for row in changed if row.shown])
    return {
        "version": thread.version,
        "posts": _changes(me, thread_id, changed),
        "present": present,
    }


@on("thread:leave")
def leave(thread_id: int) -> None:
    """Follow a thread no longer."""
    _leave_thread(viewer(), thread_id)


@on("thread:typing", limit="20 per 10 seconds")
def typing(thread_id: int) -> None:
    """Say that one is writing; it is not shown of who is invisible or cannot write now."""
    me = viewer()
    member_id(me)
    thread = queries.thread_for(me, thread_id)
    if thread.belongs and not me.invisible and not reply_permission.reason_closed(thread):
        live.broadcast_typing(thread_id, member_id(me), me.handle)


@on("thread:seen")
def seen(thread_id: int, posts: str, reload_version: int) -> None:
    """Say which posts were on screen long enough to be read, such as "3-7,9-9"."""
    reader_state.mark_posts_read(viewer(), thread_id, posts, reload_version)


def remove_socket(sid: str) -> None:
    """Take a socket that has closed out of its threads."""
    for where in presence.here().gone(sid):
        if where.startswith("thread:"):
            live.broadcast_present_soon(int(where.removeprefix("thread:")))


def _leave_thread(me: Viewer, thread_id: int) -> None:
    socket_events.leave(live.room(thread_id, me.id or 0))
    presence.here().leave(live.presence_key(thread_id), _sid())
    live.broadcast_present_soon(thread_id)


def _changes(me: Viewer, thread_id: int, changed: Any) -> list[dict[str, Any]]:
    fresh = fragments.fragments_of([row for row in changed if row.shown])
    shown = quotation_visibility.for_reader(me.id, queries.group_of(thread_id), fresh)
    authors = {row.author_id for row in changed if row.author_id and row.shown}
    shown = profile_links.without_links_to(authors - profile_links.reachable(me, authors), shown)
    return [
        {"id": row.id, "number": row.number, "version": row.version, "html": str(shown[row.id])}
        if row.shown
        else {"id": row.id, "version": row.version, "removed": True}
        for row in changed
    ]


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]


socket_events.when_gone(remove_socket)
