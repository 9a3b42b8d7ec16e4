"""The HTTP door of a meeting's room. All of it works without a script, by reloading the page."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum.accounts.identity import public_ids
from forum.accounts.login.current_user import viewer
from forum.accounts.policy import member_id
from forum.accounts.preferences import content_note_preferences
from forum.core import ids, text
from forum.core.errors import Invalid, NotFound
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.core.web.confirmations import Undo
from forum.core.web.forms import form_warnings
from forum.core.web.rate_limits import limiter
from forum.groups import quotation_visibility
from forum.groups.membership import hidden_content_access
from forum.groups.reaction_types import REACTIONS
from forum.meetings.room import broadcasts as room_live
from forum.meetings.room import fragments as room_fragments
from forum.meetings.room import latecomer_greeting, speaking_queue
from forum.meetings.room import policy as room_policy
from forum.meetings.room import queries as room_queries
from forum.meetings.room import service as rooms
from forum.meetings.room.messages import author_notes, private_note_queries, private_notes
from forum.meetings.room.messages import queries as message_queries
from forum.meetings.room.messages import service as messages

bp = Blueprint("rooms", __name__)


@bp.get("/meetings/<int:meeting_id>/room")
def room(meeting_id: int) -> Any:
    """Show a room as far as the viewer may be in it."""
    return render_room(meeting_id)


@bp.get("/room-messages/<int:message_id>")
def permalink(message_id: int) -> Response:
    """Lead to the place of what was said, while it is there."""
    me = viewer()
    message = message_queries.message_for(me, message_id)
    shown = {row.id for row in message_queries.last_messages(me, message.meeting_id)}
    earlier = "" if message_id in shown else f"?before={message.number + 1}"
    return redirect(f"{room_url(message.meeting_id)}{earlier}#message-{message_id}")


@bp.post("/meetings/<int:meeting_id>/enter")
@limiter.limit(rate_limits.SMALL_ACTS)
def enter(meeting_id: int) -> Response:
    """Come in, where no script does that."""
    found = rooms.enter_room(viewer(), meeting_id)
    answer = {"id": meeting_id, "state": found.state}
    return responses.done(room_url(meeting_id), answer, said=_("You're in the meeting."))


@bp.post("/meetings/<int:meeting_id>/leave")
@limiter.limit(rate_limits.SMALL_ACTS)
def leave(meeting_id: int) -> Response:
    """Leave the room, and go back to the group."""
    me = viewer()
    rooms.leave_room(me, meeting_id)
    slug = room_queries.room_for(me, meeting_id).group_slug
    return responses.done(f"/groups/{slug}", {"id": meeting_id}, said=_("You've left the meeting."))


@bp.post("/meetings/<int:meeting_id>/messages")
@limiter.limit(rate_limits.ROOM_MESSAGES)
def say(meeting_id: int) -> Any:
    """Say something: 201 with JSON, 303 to the room without."""
    form = request.form
    if "preview" in form:
        return render_room(meeting_id, values=form, preview=_preview_of(form.get("body", "")))
    if form_warnings.asks_first(form):
        return render_room(meeting_id, values=form)
    try:
        message_id = messages.send_message(
            viewer(),
            meeting_id,
            body=form.get("body", ""),
            content_note=form.get("content_note", ""),
            idempotency_key=form.get("idempotency_key", ""),
        )
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return render_room(meeting_id, values=form, errors=refusal.fields), refusal.status
    if not responses.wants_json():
        form_warnings.sent(form)
        return responses.done(
            f"{room_url(meeting_id)}#message-{message_id}", said=_("Message sent.")
        )
    found = message_queries.message_ref(message_id)
    told = {"id": found.id, "number": found.number, "version": found.version}
    html = quotation_visibility.for_reader(
        viewer().id, room_queries.group_of(meeting_id), room_fragments.message_fragments([found])
    )
    note = author_notes.after_writing(viewer(), meeting_id, form.get("body", ""))
    answer = {**told, "html": html[found.id], **note}
    return responses.done("", answer, 201, said=_("Message sent."))


@bp.post("/meetings/<int:meeting_id>/draft")
@limiter.limit(rate_limits.SMALL_ACTS)
def draft(meeting_id: int) -> Response:
    """Keep what is not sent yet."""
    form = request.form
    messages.save_draft(
        viewer(), meeting_id, body=form.get("body", ""), content_note=form.get("content_note", "")
    )
    return responses.done(room_url(meeting_id), said=_("Draft saved."))


@bp.post("/meetings/<int:meeting_id>/messages/<int:message_id>/delete")
@limiter.limit(rate_limits.SMALL_ACTS)
def delete(meeting_id: int, message_id: int) -> Response:
    """Take back what one said."""
    messages.delete_message(viewer(), require_message_of(meeting_id, message_id))
    place = f"{room_url(meeting_id)}#message-{message_id}"
    return responses.done(place, said=_("Message deleted."))


@bp.post("/meetings/<int:meeting_id>/hand")
@limiter.limit(rate_limits.SMALL_ACTS)
def raise_hand(meeting_id: int) -> Response:
    """Raise one's hand (`up` 1), or take it down (0)."""
    up = request.form.get("up", "1") == "1"
    speaking_queue.raise_hand(viewer(), meeting_id, up=up)
    undo = Undo(f"/meetings/{meeting_id}/hand", {"up": "0" if up else "1"})
    said = _("Hand raised.") if up else _("Hand lowered.")
    return responses.done(room_url(meeting_id), said=said, undo=undo)


@bp.post("/meetings/<int:meeting_id>/finish-turn")
@limiter.limit(rate_limits.SMALL_ACTS)
def finish_turn(meeting_id: int) -> Response:
    """Say that one's turn is over."""
    speaking_queue.finish_own_turn(viewer(), meeting_id)
    return responses.done(room_url(meeting_id), said=_("Your turn is over. Thank you."))


@bp.post("/meetings/<int:meeting_id>/private-notes")
@limiter.limit(rate_limits.SMALL_ACTS)
def send_private_note(meeting_id: int) -> Any:
    """Write a private note."""
    to = public_ids.id_of(request.form["to"]) if request.form.get("to") else None
    try:
        note_id = private_notes.send_private_note(
            viewer(), meeting_id, body=request.form.get("private_note", ""), to=to
        )
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return render_room(meeting_id, values=request.form, errors=refusal.fields), refusal.status
    place = f"{room_url(meeting_id)}#private-notes"
    note = author_notes.after_writing(viewer(), meeting_id, request.form.get("private_note", ""))
    answer = {"id": note_id, **note}
    return responses.done(place, answer, 201, said=_("Private message sent."))


def room_url(meeting_id: int) -> str:
    """Return the address of a room."""
    return f"/meetings/{meeting_id}/room"


def require_message_of(meeting_id: int, message_id: int) -> int:
    """Return the id of a message at this address. Raises NotFound for one of another meeting."""
    if message_queries.message_for(viewer(), message_id).meeting_id != meeting_id:
        raise NotFound
    return message_id


def number_field(name: str, otherwise: int) -> int:
    """Return a number that the request gives, or another one when it gives none."""
    asked = ids.number(request.values.get(name, ""))
    return otherwise if asked is None else asked


def _preview_of(body: str) -> Markup:
    words = text.checked(body, "body", most=room_policy.MESSAGE_MAX, name=_("Your message"))
    return Markup(text.render(words))  # noqa: S704 - that is what core/text is for


def render_room(
    meeting_id: int,
    *,
    values: Any = None,
    errors: dict[str, str] | None = None,
    preview: Markup | None = None,
) -> Any:
    """Return a room\'s page, with what was typed and what of it needs another look."""
    me = viewer()
    account_id = member_id(me)
    found = room_queries.room_for(me, meeting_id)
    if found.may_read and found.is_open and found.joined_at and found.left_at is None:
        found = rooms.enter_room(me, meeting_id)
    found = replace(
        found, version=message_queries.last_version(me, meeting_id) if found.may_read else 0
    )
    rows = message_queries.last_messages(me, meeting_id, number_field("before", 0) or None)
    hidden_content_access.record(me, found.group_id, "room_message", rows)
    html = quotation_visibility.for_reader(
        account_id, found.group_id, room_fragments.message_fragments(rows)
    )
    if responses.wants_json():
        return jsonify(_as_json(found, rows, html))
    people = room_live.people_payload(meeting_id, account_id) if found.may_read else None
    if values is None:
        values = {"body": found.draft_body or "", "content_note": found.draft_content_note or ""}
    return render_template(
        "meetings/room/room.html",
        room=found,
        state_html=room_fragments.render_state(found),
        messages=_messages_for_viewer(found, rows, html, account_id),
        earlier=rows[0].number if len(rows) == message_queries.MESSAGES_A_PAGE else None,
        people=people,
        **_own_queue_position(people, account_id),
        private_notes=_private_notes(found, account_id),
        greeting=latecomer_greeting.greeting_for(found),
        team_note=author_notes.in_room(me, meeting_id),
        viewer_id=account_id,
        reactions=REACTIONS,
        values=values,
        errors=errors or {},
        preview=preview,
        idempotency_key=values.get("idempotency_key") or uuid.uuid4().hex,
    )


def _messages_for_viewer(
    found: Any, rows: Sequence[Any], html: Mapping[int, Markup], account_id: int
) -> list[dict[str, Any]]:
    """Return the messages with what differs from viewer to viewer beside each fragment."""
    wanted = content_note_preferences.display_rule(
        found.note_choices or "", must_see=found.facilitates
    )
    choices = {row.id: wanted(row.content_note) if found.note_choices else "" for row in rows}
    return [
        {
            "html": content_note_preferences.open_note(html[row.id])
            if choices[row.id] == content_note_preferences.OPEN
            else html[row.id],
            "own": row.author_id == account_id,
            "choice": choices[row.id],
        }
        for row in rows
    ]


def _private_notes(found: Any, account_id: int) -> list[dict[str, Any]]:
    rows = private_note_queries.private_notes_for(account_id, found.id)
    return [room_live.private_note_payload(found.id, row) for row in rows]


def _own_queue_position(people: dict[str, Any] | None, account_id: int) -> dict[str, bool]:
    """Return where the viewer is in the speaking queue."""
    me = public_ids.of(account_id)
    order = [hand["id"] for hand in people["hands"]] if people else []
    speaker = people["speaker"] if people else None
    my_turn = speaker is not None and speaker["id"] == me
    return {
        "my_turn": my_turn,
        "hand_is_up": my_turn or me in order,
        "first_in_order": speaker is None and order[:1] == [me],
    }


def _as_json(found: Any, rows: Sequence[Any], html: Mapping[int, Markup]) -> dict[str, Any]:
    return {
        "id": found.id,
        "title": found.title,
        "state": found.state,
        "version": found.version,
        "messages": [
            {"id": row.id, "number": row.number, "version": row.version, "html": html[row.id]}
            for row in rows
        ],
    }
