"""The HTTP door of conversations. All of it works without a script, by reloading the page."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.accounts.policy import member_id
from forum.accounts.preferences import content_note_preferences
from forum.core import ids, text
from forum.core.errors import Invalid
from forum.core.translation import _, lazy
from forum.core.web import private_ids, rate_limits, request_sizes, responses
from forum.core.web.confirmations import Undo
from forum.core.web.forms import form_warnings
from forum.core.web.rate_limits import limiter
from forum.messages import participant_state, policy, queries, service
from forum.messages.content import fragments
from forum.messages.content import queries as content_queries
from forum.messages.models import VANISHING
from forum.messages.queries import ConversationView

bp = Blueprint("conversations", __name__)
EXCERPT = 120
VANISHING_WORDS = {
    0: lazy("never"),
    24: lazy("after a day"),
    168: lazy("after a week"),
    720: lazy("after 30 days"),
}


@bp.get("/messages")
def index() -> Any:
    """Show one's conversations, and who asks for one."""
    me = viewer()
    rows = [_listed(row) for row in queries.conversations(me)]
    if responses.wants_json():
        return jsonify(conversations=[_listed_as_json(row) for row in rows])
    return render_template(
        "messages/list.html",
        asked=[row for row in rows if row["is_request"]],
        conversations=[row for row in rows if not row["is_request"]],
        wants_messages=queries.wants_messages(me),
    )


@bp.post("/messages/preferences")
@limiter.limit(rate_limits.SMALL_ACTS)
def preferences() -> Response:
    """Let people ask for a conversation (`wanted` 1), or nobody new (0)."""
    on = request.form.get("wanted", "1") != "0"
    participant_state.set_wants_messages(viewer(), on=on)
    undo = Undo("/messages/preferences", {"wanted": "0" if on else "1"})
    said = (
        _("Members of your groups can ask to write to you.")
        if on
        else _("Nobody new can ask to write to you.")
    )
    return responses.done("/messages", said=said, undo=undo)


@bp.get("/messages/<private:conversation_id>")
def conversation(conversation_id: int) -> Any:
    """Show a conversation to one of its two, which then counts as read."""
    return render_conversation(conversation_id)


@bp.post("/messages/<private:conversation_id>/messages")
@request_sizes.takes(request_sizes.LONG_WORDS)
@limiter.limit(rate_limits.ROOM_MESSAGES)
def send(conversation_id: int) -> Any:
    """Write: 201 with JSON, 303 to the conversation without."""
    form = request.form
    if "preview" in form:
        preview = preview_of(form.get("body", ""))
        return render_conversation(conversation_id, values=form, preview=preview)
    if form_warnings.asks_first(form):
        return render_conversation(conversation_id, values=form)
    try:
        message_id = service.send_message(
            viewer(),
            conversation_id,
            body=form.get("body", ""),
            content_note=form.get("content_note", ""),
            idempotency_key=form.get("idempotency_key", ""),
        )
    except Invalid as refusal:
        if responses.wants_json():
            raise
        page = render_conversation(conversation_id, values=form, errors=refusal.fields)
        return page, refusal.status
    if not responses.wants_json():
        form_warnings.sent(form)
    return respond_with_message(message_id, 201, said=_("Message sent."))


@bp.post("/messages/<private:conversation_id>/draft")
@request_sizes.takes(request_sizes.LONG_WORDS)
@limiter.limit(rate_limits.SMALL_ACTS)
def draft(conversation_id: int) -> Response:
    """Keep what is not sent yet."""
    form = request.form
    participant_state.save_draft(
        viewer(),
        conversation_id,
        body=form.get("body", ""),
        content_note=form.get("content_note", ""),
    )
    return responses.done(url_of(conversation_id), said=_("Draft saved."))


@bp.post("/messages/<private:conversation_id>/mute")
@limiter.limit(rate_limits.SMALL_ACTS)
def mute(conversation_id: int) -> Response:
    """Be told of no new messages here (`on` 1), or be told again (0)."""
    on = request.form.get("on", "1") != "0"
    participant_state.set_muted(viewer(), conversation_id, on=on)
    address = url_of(conversation_id)
    said = (
        _("You won't get notifications about this conversation.")
        if on
        else _("You'll get notifications about this conversation again.")
    )
    undo = Undo(f"{address}/mute", {"on": "0" if on else "1"})
    return responses.done(address, said=said, undo=undo)


@bp.post("/messages/<private:conversation_id>/vanishing")
@limiter.limit(rate_limits.SMALL_ACTS)
def vanishing(conversation_id: int) -> Response:
    """Choose after how many `hours` new messages vanish."""
    hours = ids.number(request.form.get("hours", ""))
    participant_state.set_vanishing(viewer(), conversation_id, -1 if hours is None else hours)
    found = queries.conversation_for(viewer(), conversation_id)
    agreed = found.my_vanishing == found.their_vanishing
    said = (
        _("Saved. It applies to new messages.")
        if agreed
        else _("Saved. It applies once you've both chosen the same.")
    )
    return responses.done(url_of(conversation_id), said=said)


def url_of(conversation_id: int) -> str:
    """Return the address of a conversation."""
    return f"/messages/{private_ids.of(conversation_id)}"


def preview_of(body: str, most: int = policy.MESSAGE_MAX) -> Markup:
    """Return what Markdown would look like. Raises Invalid."""
    words = text.checked(body, "body", most=most, name=_("Your message"))
    return Markup(text.render(words))  # noqa: S704 - that is what core/text is for


def respond_with_message(
    message_id: int, status: int = 200, *, said: str, undo: Undo | None = None
) -> Response:
    """Answer a write to a message: its fragment to programs, its place to people."""
    found = content_queries.message_ref(message_id)
    if found is None:
        return responses.done("/messages", said=said)
    place = f"{url_of(found.conversation_id)}#message-{found.number}"
    if not responses.wants_json():
        return responses.done(place, said=said, undo=undo)
    html = fragments.for_reader(viewer().id, [found])
    told = {"id": found.number, "number": found.number, "version": found.version}
    return responses.done("", {**told, "html": html[found.id]}, status, said=said, undo=undo)


def render_conversation(
    conversation_id: int,
    *,
    values: Any = None,
    errors: dict[str, str] | None = None,
    preview: Markup | None = None,
) -> Any:
    """Return the page of a conversation, with what was typed and what of it needs another look."""
    me = viewer()
    found = queries.conversation_for(me, conversation_id)
    before = ids.row_id(request.args.get("before", ""))
    rows = content_queries.last_messages(me, conversation_id, before)
    version = content_queries.last_version(me, conversation_id)
    html = fragments.for_reader(me.id, rows)
    if request.method == "GET":
        participant_state.mark_read(me, conversation_id, found.last_number)
    if responses.wants_json():
        return jsonify(_as_json(found, version, rows, html))
    if values is None:
        values = {"body": found.draft_body, "content_note": found.draft_content_note}
    return render_template(
        "messages/conversation.html",
        conversation=found,
        version=version,
        messages=_messages_for_viewer(found, rows, html, member_id(me)),
        earlier=rows[0].number if len(rows) == content_queries.MESSAGES_A_PAGE else None,
        viewer_id=me.id,
        vanishing_choices=VANISHING,
        vanishing_words=VANISHING_WORDS,
        values=values,
        errors=errors or {},
        preview=preview,
        idempotency_key=values.get("idempotency_key") or uuid.uuid4().hex,
    )


def _messages_for_viewer(
    found: ConversationView, rows: Sequence[Any], html: Mapping[int, Markup], me: int
) -> list[dict[str, Any]]:
    """Return the messages with what differs from viewer to viewer beside each fragment."""
    rule = content_note_preferences.display_rule(found.note_choices or "", must_see=False)
    choices = {row.id: rule(row.content_note) if found.note_choices else "" for row in rows}
    return [
        {
            "html": content_note_preferences.open_note(html[row.id])
            if choices[row.id] == content_note_preferences.OPEN
            else html[row.id],
            "id": row.id,
            "own": row.author_id == me,
            "unread": row.number > found.read_number and row.author_id != me,
            "choice": choices[row.id],
        }
        for row in rows
    ]


def _listed(row: Any) -> dict[str, Any]:
    hidden = content_note_preferences.is_hidden(
        row.content_note or "", row.note_choices or "", must_see=False
    )
    words = text.excerpt(Markup(row.html or ""), EXCERPT)  # noqa: S704 - core/text made it
    return {
        **row._mapping,
        "is_request": row.state == "requested" and not row.asked_by_me,
        "is_waiting": row.state != "accepted" and row.asked_by_me,
        "out_of_sight": hidden,
        "words": "" if row.content_note else words,
        "address": url_of(row.id),
    }


def _listed_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: row[name] for name in ("other", "is_request", "is_waiting", "muted")}
    return {
        **told,
        "id": private_ids.of(row["id"]),
        "unread": bool(row["unread"]),
        "last_message_at": row["last_message_at"].isoformat(),
    }


def _as_json(
    found: ConversationView, version: int, rows: Sequence[Any], html: Mapping[int, Markup]
) -> dict[str, Any]:
    return {
        "id": private_ids.of(found.id),
        "state": found.shown_state,
        "other": found.other,
        "may_write": found.may_write,
        "muted": found.muted,
        "vanish_after_hours": found.vanish_after_hours,
        "version": version,
        "messages": [
            {
                "id": row.number,
                "number": row.number,
                "version": row.version,
                "html": html[row.id],
            }
            for row in rows
        ],
    }
