"""The HTTP door of care messages: for their recipients, and for moderators."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, jsonify, render_template, request

from forum.accounts import view_helpers
from forum.accounts.identity import public_ids
from forum.accounts.login.current_user import viewer
from forum.core import ids
from forum.core.errors import Invalid
from forum.core.translation import _, lazy
from forum.core.web import private_ids, rate_limits, responses
from forum.core.web.rate_limits import limiter
from forum.safety import queries, service
from forum.safety.queries import CareMessageView

bp = Blueprint("care", __name__)
OFFER = lazy(
    "I read what you wrote, and I'm glad you said it here. You don't have to go through this "
    "alone. Are you safe right now? Are you thinking of ending your life? You can tell me either "
    "way. You can reply here as often as you like, and I'll read it when I'm next online. If you "
    "can't wait, “Get help now”, at the top of every page, has people you can call, text or chat "
    "with right now."
)


@bp.get("/safety/notes")
def mine() -> Any:
    """Show what moderators of one's groups have written to one."""
    found = queries.own_care_messages(viewer())
    _have_read(found)
    if responses.wants_json():
        return jsonify(notes=[_as_json(note) for note in found])
    return render_template("safety/care_messages.html", notes=found)


@bp.get("/safety/notes/<private:care_message_id>")
def note(care_message_id: int) -> Any:
    """Show one care message to its recipient and to the group's moderators."""
    found = queries.care_message_for(viewer(), care_message_id)
    _have_read([found])
    return jsonify(_as_json(found)) if responses.wants_json() else _note_page(found)


@bp.post("/safety/notes/<private:care_message_id>/answer")
@limiter.limit(rate_limits.POSTING)
def answer(care_message_id: int) -> Any:
    """Answer a note."""
    try:
        service.answer_care_message(viewer(), care_message_id, request.form.get("answer", ""))
    except Invalid as refusal:
        if responses.wants_json():
            raise
        found = queries.care_message_for(viewer(), care_message_id)
        return _note_page(found, refusal.fields), refusal.status
    return responses.done(f"/safety/notes/{private_ids.of(care_message_id)}", said=_("Reply sent."))


@bp.post("/safety/notes/<private:care_message_id>/close")
@limiter.limit(rate_limits.SMALL_ACTS)
def close(care_message_id: int) -> Any:
    """Say that a note needs no more."""
    service.close_care_message(viewer(), care_message_id)
    address = f"/safety/notes/{private_ids.of(care_message_id)}"
    return responses.done(address, said=_("Message closed."))


@bp.route("/groups/<slug>/care/<person:account_id>", methods=["GET", "POST"])
@limiter.limit(rate_limits.POSTING, methods=["POST"])
def care(slug: str, account_id: int) -> Any:
    """Write to somebody in a group that one moderates; see what was written before."""
    me = viewer()
    to = queries.care_recipient(me, slug, account_id)
    post_id = ids.row_id(request.values.get("post", ""))
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            body = request.form.get("body", "")
            care_message_id = service.send_care_message(
                me, slug, account_id, body=body, post_id=post_id
            )
            shown = private_ids.of(care_message_id)
            place = view_helpers.next_address(f"/safety/notes/{shown}")
            return responses.done(place, {"id": shown}, 201, said=_("Message sent."))
        except Invalid as refusal:
            if responses.wants_json():
                raise
            errors = refusal.fields
    page = render_template(
        "safety/write_care_message.html",
        to=to,
        post_id=post_id,
        notes=queries.care_messages_about(me, to.group_id, account_id),
        values=request.form or {"body": OFFER if "help" in request.args else ""},
        onward=view_helpers.next_address(""),
        errors=errors,
    )
    return page, Invalid.status if errors else 200


def _have_read(notes: list[CareMessageView]) -> None:
    if any(note.mine and not note.read_at for note in notes):
        service.mark_care_messages_read(viewer())


def _note_page(found: CareMessageView, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "safety/care_message.html", note=found, values=request.form, errors=errors or {}
    )


def _as_json(note: CareMessageView) -> dict[str, Any]:
    told = asdict(note) | {
        "id": private_ids.of(note.id),
        "account_id": public_ids.of(note.account_id),
    }
    del told["group_id"], told["author_id"]
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in told.items()
    }
