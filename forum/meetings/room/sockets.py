"""The Socket.IO door of a meeting's room."""

from collections.abc import Mapping
from itertools import accumulate
from typing import Any

from flask import request
from flask_socketio import join_room, leave_room

from forum.accounts.identity import public_ids
from forum.accounts.login.current_user import viewer
from forum.accounts.policy import member_id
from forum.core.background import periodic
from forum.core.errors import NotFound
from forum.core.realtime import presence, socket_events
from forum.core.realtime.socket_events import CATCH_UP_BYTES, Ack, on
from forum.groups.membership import hidden_content_access
from forum.meetings.attendance import attendance
from forum.meetings.facilitation import latecomer_greeting
from forum.meetings.facilitation.actions import ON_TURN
from forum.meetings.lifecycle import timers
from forum.meetings.room import (
    broadcasts as room_live,
)
from forum.meetings.room import (
    fragments as room_fragments,
)
from forum.meetings.room import messages, private_note_queries, quotation_visibility, speaking_queue
from forum.meetings.room import (
    queries as room_queries,
)
from forum.meetings.room import (
    service as rooms,
)
from forum.meetings.room.queries import RoomView

CATCH_UP_MAX = 100
_inside: dict[str, dict[int, int]] = {}


def init() -> None:
    """Start anew, with nobody in any room."""
    _inside.clear()


@on("meeting:join")
def join(meeting_id: int, after: int = 0) -> Ack:
    """Come into a room, or wait for it; answers all that has changed after a version, or "reload".

    From the very start (`after` 0) it answers the last messages, as far as they fit in an answer.
    """
    me = viewer()
    room = rooms.enter(me, meeting_id)
    account_id = member_id(me)
    join_room(room_live.room(meeting_id, account_id))
    if presence.here().enter(room_live.place(meeting_id), _sid(), account_id):
        room_live.show_people_in(meeting_id)
    _inside.setdefault(_sid(), {})[meeting_id] = account_id
    periodic.every(attendance.SEEN_EVERY.total_seconds(), "rooms_seen", say_still_here)
    answer = {**room_live.state_of(room), "version": 0, "messages": [], "words": [], "greeting": "",
              "muted": room.muted_at is not None, "inside": room.hears}  # fmt: skip
    if not room.hears:
        return {**answer, "present": [], "hands": [], "speaker": None, "people": ""}
    people = room_live.people_for(meeting_id, account_id)
    answer |= {name: people[name] for name in ("present", "hands", "speaker")}
    answer["people"] = people["html"]
    answer["greeting"] = str(latecomer_greeting.for_latecomer(room))
    answer["words"] = [
        room_live.word_of(meeting_id, row)
        for row in private_note_queries.words_for(account_id, meeting_id)
    ]
    answer["version"] = room_queries.last_version(me, meeting_id)
    return {**answer, **_news(room, after)}


@on("meeting:leave")
def leave(meeting_id: int) -> None:
    """Leave a room."""
    me = viewer()
    rooms.leave(me, meeting_id)
    leave_room(room_live.room(meeting_id, me.id or 0))
    presence.here().leave(room_live.place(meeting_id), _sid())
    _inside.get(_sid(), {}).pop(meeting_id, None)
    room_live.show_people_in(meeting_id)


@on("meeting:say", limit="20 per 10 seconds")
def say(meeting_id: int, body: str, idempotency_key: str, content_note: str = "") -> Ack:
    """Say something; sent again with the same key, it is there once."""
    message_id = messages.say(
        viewer(), meeting_id, body=body, idempotency_key=idempotency_key, content_note=content_note
    )
    return {"id": message_id}


@on("meeting:typing", limit="20 per 10 seconds")
def typing(meeting_id: int) -> None:
    """Say that one is writing; it is not shown of who is invisible or cannot be heard now."""
    me = viewer()
    room = messages.require_listening(me, meeting_id)
    if not me.invisible and messages.is_heard(room):
        room_live.show_typing(meeting_id, member_id(me), me.handle)


@on("meeting:react", limit="20 per 10 seconds")
def react(meeting_id: int, kind: str) -> None:
    """Let a reaction pass."""
    me = viewer()
    messages.require_reaction(me, meeting_id, kind)
    room_live.show_reaction(meeting_id, member_id(me), me.handle, kind)


@on("meeting:word", limit="20 per 10 seconds")
def word(meeting_id: int, body: str = "", to: str = "") -> Ack:
    """Say something to those who facilitate alone, or answer the person `to`."""
    account_id = public_ids.id_of(to) if to else None
    return {"id": messages.word(viewer(), meeting_id, body=body, to=account_id)}


@on("meeting:hand", limit="20 per 10 seconds")
def hand(meeting_id: int, up: bool) -> None:
    """Raise one's hand, or take it down."""
    speaking_queue.raise_hand(viewer(), meeting_id, up=up)


@on("meeting:finished", limit="20 per 10 seconds")
def finished(meeting_id: int) -> None:
    """Say that one's turn is over."""
    speaking_queue.finish(viewer(), meeting_id)


@on("meeting:turn")
def turn(meeting_id: int, account_id: str, act: str) -> None:
    """Give a turn, end one, or move somebody in the order: `acts.ON_TURN`."""
    if act not in ON_TURN:
        raise NotFound("There is no such act.")
    ON_TURN[act](viewer(), meeting_id, public_ids.id_of(account_id))


@on("meeting:mode")
def mode(meeting_id: int, turns_only: bool, slow_mode_s: int) -> None:
    """Set the room's rules."""
    rooms.set_mode(viewer(), meeting_id, turns_only=turns_only, slow_mode_s=slow_mode_s)


@on("meeting:close")
def close(meeting_id: int) -> Ack:
    """Come to the end: last words first, over when asked once more."""
    return {"state": rooms.close(viewer(), meeting_id)}


@on("meeting:extend")
def extend(meeting_id: int, minutes: int) -> None:
    """Give the meeting more time."""
    rooms.extend(viewer(), meeting_id, minutes)


def say_still_here() -> None:
    """Note who has a living connection here; the server does this every few seconds."""
    places: dict[int, set[int]] = {}
    for where in _inside.values():
        for meeting_id, account_id in where.items():
            places.setdefault(meeting_id, set()).add(account_id)
    timers.still_here(places)


def forget(sid: str) -> None:
    """Take a socket that has closed out of its rooms; the person may be back in a moment."""
    for meeting_id in _inside.pop(sid, {}):
        presence.here().leave(room_live.place(meeting_id), sid)
        room_live.show_people_in(meeting_id)


def _news(room: RoomView, after: int) -> dict[str, Any]:
    me = viewer()
    if after <= 0:
        rows = _that_fit(room_queries.last_messages(me, room.id))
    else:
        rows = room_queries.changes_after(me, room.id, after, CATCH_UP_MAX + 1)
        if len(rows) > CATCH_UP_MAX or len(_that_fit(rows)) < len(rows):
            return {"messages": [], "reload": True}
    shown = [row for row in rows if getattr(row, "shown", True)]
    hidden_content_access.note(me, room.group_id, "room_message", shown)
    html = quotation_visibility.for_reader(me.id, room.id, room_fragments.messages(shown))
    return {"messages": _told(rows, html)}


def _that_fit(rows: list[Any]) -> list[Any]:
    """Return the last of these messages, as many as an answer takes."""
    sizes = accumulate(row.size if getattr(row, "shown", True) else 0 for row in reversed(rows))
    return rows[len(rows) - sum(size <= CATCH_UP_BYTES for size in sizes) :]


def _told(rows: list[Any], shown: Mapping[int, Any]) -> list[dict[str, Any]]:
    return [
        {"id": row.id, "number": row.number, "version": row.version, "html": str(shown[row.id])}
        if row.id in shown
        else {"id": row.id, "version": row.version, "removed": True}
        for row in rows
    ]


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]


socket_events.when_gone(forget)
