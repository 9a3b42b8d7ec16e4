"""The Socket.IO door of a meeting's room."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from flask import request

from forum.accounts.identity import public_ids
from forum.accounts.login.current_user import viewer
from forum.accounts.policy import member_id
from forum.core.background import periodic
from forum.core.errors import NotFound
from forum.core.realtime import presence, socket_events
from forum.core.realtime.socket_events import CATCH_UP_BYTES, Ack, on
from forum.core.translation import _
from forum.groups import quotation_visibility
from forum.groups.membership import hidden_content_access
from forum.meetings.room import broadcasts as room_live
from forum.meetings.room import fragments as room_fragments
from forum.meetings.room import latecomer_greeting, speaking_queue
from forum.meetings.room import service as rooms
from forum.meetings.room.attendance import presence_time
from forum.meetings.room.lifecycle import timers
from forum.meetings.room.messages import author_notes, private_note_queries, private_notes
from forum.meetings.room.messages import queries as message_queries
from forum.meetings.room.messages import service as messages
from forum.meetings.room.queries import RoomView
from forum.meetings.room.turn_actions import TURN_ACTIONS

CATCH_UP_MAX = 100
_meetings_by_socket: dict[str, dict[int, int]] = {}


def init() -> None:
    """Start with nobody in any room."""
    _meetings_by_socket.clear()


@on("meeting:join")
def join(meeting_id: int, after: int = 0) -> Ack:
    """Come into a room, or wait for it; answers all that has changed after a version, or "reload".

    From the very start (`after` 0) it answers the last messages, as far as they fit in an answer.
    """
    me = viewer()
    room = rooms.enter_room(me, meeting_id)
    account_id = member_id(me)
    socket_events.join(room_live.socket_room(meeting_id, account_id))
    if presence.here().enter(room_live.presence_key(meeting_id), _sid(), account_id):
        room_live.broadcast_people_in(meeting_id)
    _meetings_by_socket.setdefault(_sid(), {})[meeting_id] = account_id
    periodic.every(presence_time.SEEN_EVERY.total_seconds(), "rooms_seen", record_connected)
    answer = {
        **room_live.state_payload(room),
        "version": 0,
        "messages": [],
        "private_notes": [],
        "greeting": "",
        "note": str(author_notes.in_room(me, meeting_id)),
        "muted": room.muted_at is not None,
        "inside": room.may_read,
    }
    if not room.may_read:
        return {**answer, "present": [], "hands": [], "speaker": None, "people": ""}
    people = room_live.people_payload(meeting_id, account_id)
    answer |= {name: people[name] for name in ("present", "hands", "speaker")}
    answer["people"] = people["html"]
    answer["greeting"] = str(latecomer_greeting.greeting_for(room))
    answer["private_notes"] = [
        room_live.private_note_payload(meeting_id, row)
        for row in private_note_queries.private_notes_for(account_id, meeting_id)
    ]
    answer["version"] = message_queries.last_version(me, meeting_id)
    return {**answer, **_changes_since(room, after)}


@on("meeting:leave")
def leave(meeting_id: int) -> None:
    """Leave a room."""
    me = viewer()
    rooms.leave_room(me, meeting_id)
    socket_events.leave(room_live.socket_room(meeting_id, me.id or 0))
    presence.here().leave(room_live.presence_key(meeting_id), _sid())
    _meetings_by_socket.get(_sid(), {}).pop(meeting_id, None)
    room_live.broadcast_people_in(meeting_id)


@on("meeting:say", limit="20 per 10 seconds")
def say(meeting_id: int, body: str, idempotency_key: str, content_note: str = "") -> Ack:
    """Say something; sent again with the same key, it is there once."""
    message_id = messages.send_message(
        viewer(), meeting_id, body=body, idempotency_key=idempotency_key, content_note=content_note
    )
    return {"id": message_id, **author_notes.after_writing(viewer(), meeting_id, body)}


@on("meeting:typing", limit="20 per 10 seconds")
def typing(meeting_id: int) -> None:
    """Say that one is writing; it is not shown of who is invisible or cannot be heard now."""
    me = viewer()
    room = messages.room_attended_by(me, meeting_id)
    if not me.invisible and messages.may_speak(room):
        room_live.broadcast_typing(meeting_id, member_id(me), me.handle)


@on("meeting:react", limit="20 per 10 seconds")
def react(meeting_id: int, kind: str) -> None:
    """Let a reaction pass."""
    me = viewer()
    messages.require_reaction(me, meeting_id, kind)
    room_live.broadcast_reaction(meeting_id, member_id(me), me.handle, kind)


@on("meeting:private_note", limit="20 per 10 seconds")
def send_private_note(meeting_id: int, body: str = "", to: str = "") -> Ack:
    """Say something to facilitators alone, or answer the person `to`."""
    account_id = public_ids.id_of(to) if to else None
    note_id = private_notes.send_private_note(viewer(), meeting_id, body=body, to=account_id)
    return {"id": note_id, **author_notes.after_writing(viewer(), meeting_id, body)}


@on("meeting:hand", limit="20 per 10 seconds")
def raise_hand(meeting_id: int, up: bool) -> None:
    """Raise one's hand, or take it down."""
    speaking_queue.raise_hand(viewer(), meeting_id, up=up)


@on("meeting:finish_turn", limit="20 per 10 seconds")
def finish_turn(meeting_id: int) -> None:
    """Say that one's turn is over."""
    speaking_queue.finish_own_turn(viewer(), meeting_id)


@on("meeting:turn")
def turn(meeting_id: int, account_id: str, action: str) -> None:
    """Give a turn, end one, or move somebody in the order: `actions.TURN_ACTIONS`."""
    if action not in TURN_ACTIONS:
        raise NotFound(_("That didn't work. Please load the page again."))
    TURN_ACTIONS[action](viewer(), meeting_id, public_ids.id_of(account_id))


@on("meeting:mode")
def mode(meeting_id: int, turns_only: bool, slow_mode_s: int) -> None:
    """Set the room's rules."""
    rooms.set_room_rules(viewer(), meeting_id, turns_only=turns_only, slow_mode_s=slow_mode_s)


@on("meeting:close")
def close(meeting_id: int) -> Ack:
    """Come to the end: last words first, over when asked once more."""
    return {"state": rooms.close_meeting(viewer(), meeting_id)}


@on("meeting:extend")
def extend(meeting_id: int, minutes: int) -> None:
    """Give the meeting more time."""
    rooms.extend_meeting(viewer(), meeting_id, minutes)


def record_connected() -> None:
    """Note who has a living connection here; the server does this every few seconds."""
    places: dict[int, set[int]] = {}
    for where in _meetings_by_socket.values():
        for meeting_id, account_id in where.items():
            places.setdefault(meeting_id, set()).add(account_id)
    timers.record_connected(places)


def forget_socket(sid: str) -> None:
    """Take a socket that has closed out of its rooms; the person may be back in a moment."""
    for meeting_id in _meetings_by_socket.pop(sid, {}):
        presence.here().leave(room_live.presence_key(meeting_id), sid)
        room_live.broadcast_people_in(meeting_id)


def _changes_since(room: RoomView, after: int) -> dict[str, Any]:
    me = viewer()
    if after <= 0:
        rows = _newest_that_fit(message_queries.last_messages(me, room.id))
    else:
        rows = message_queries.changes_after(me, room.id, after, CATCH_UP_MAX + 1)
        if len(rows) > CATCH_UP_MAX or len(_newest_that_fit(rows)) < len(rows):
            return {"messages": [], "reload": True}
    shown = [row for row in rows if getattr(row, "shown", True)]
    hidden_content_access.record(me, room.group_id, "room_message", shown)
    html = quotation_visibility.for_reader(
        me.id, room.group_id, room_fragments.message_fragments(shown)
    )
    return {"messages": _message_payloads(rows, html)}


def _newest_that_fit(rows: Sequence[Any]) -> Sequence[Any]:
    """Return the last of these messages, as many as an answer takes."""
    sizes = accumulate(row.size if getattr(row, "shown", True) else 0 for row in reversed(rows))
    return rows[len(rows) - sum(size <= CATCH_UP_BYTES for size in sizes) :]


def _message_payloads(rows: Sequence[Any], shown: Mapping[int, Any]) -> list[dict[str, Any]]:
    return [
        {"id": row.id, "number": row.number, "version": row.version, "html": str(shown[row.id])}
        if row.id in shown
        else {"id": row.id, "version": row.version, "removed": True}
        for row in rows
    ]


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]


socket_events.when_gone(forget_socket)
