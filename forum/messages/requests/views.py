"""The HTTP door of requests: asking for a conversation, answering, leaving."""

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum.accounts.identity import public_ids
from forum.accounts.login.current_user import viewer
from forum.core.errors import Invalid, Refusal
from forum.core.translation import _
from forum.core.web import private_ids, rate_limits, request_sizes, responses
from forum.core.web.confirmations import Undo
from forum.core.web.forms import form_warnings
from forum.core.web.rate_limits import limiter
from forum.core.web.templating import pieces
from forum.messages import policy, queries
from forum.messages.requests import asking, service
from forum.messages.views import preview_of, url_of

bp = Blueprint("message_requests", __name__)


@bp.route("/members/<person:account_id>/message", methods=["GET", "POST"])
@request_sizes.takes(request_sizes.LONG_WORDS)
@limiter.limit(rate_limits.POSTING, methods=["POST"])
def ask(account_id: int) -> Any:
    """Ask somebody for a conversation, or go to the one that there is."""
    form = request.form
    if request.method == "GET":
        person = queries.recipient_for(viewer(), account_id)
        if person.conversation_id is not None and "again" not in request.args:
            return redirect(url_of(person.conversation_id))
        return _page(account_id, {})
    if "preview" in form:
        preview = preview_of(form.get("body", ""), policy.REQUEST_MAX)
        return _page(account_id, form, preview=preview)
    if form_warnings.asks_first(form):
        return _page(account_id, form)
    try:
        conversation_id = asking.ask(
            viewer(),
            account_id,
            body=form.get("body", ""),
            content_note=form.get("content_note", ""),
            idempotency_key=form.get("idempotency_key", ""),
        )
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return _page(account_id, form, errors=refusal.fields), refusal.status
    if not responses.wants_json():
        form_warnings.sent(form)
    answer = {"id": private_ids.of(conversation_id)}
    return responses.done(url_of(conversation_id), answer, 201, said=_("Message sent."))


@bp.post("/messages/<private:conversation_id>/accept")
@limiter.limit(rate_limits.SMALL_ACTS)
def accept(conversation_id: int) -> Response:
    """Agree to a conversation."""
    service.accept(viewer(), conversation_id)
    return responses.done(url_of(conversation_id), said=_("You can write to each other now."))


@bp.post("/messages/<private:conversation_id>/decline")
@limiter.limit(rate_limits.SMALL_ACTS)
def decline(conversation_id: int) -> Response:
    """Say no to a conversation, silently."""
    service.decline(viewer(), conversation_id)
    return responses.done("/messages", said=_("Declined. They won't be told."))


@bp.post("/messages/<private:conversation_id>/block")
@limiter.limit(rate_limits.SMALL_ACTS)
def block(conversation_id: int) -> Response:
    """Block the other person."""
    found = queries.conversation_for(viewer(), conversation_id)
    service.block(viewer(), conversation_id)
    person = f"/members/{public_ids.of(found.other_id)}"
    undo = Undo(f"{person}/unblock", {"next": "/messages"})
    said = _("You've blocked %(name)s.", name=found.other or "")
    return responses.done("/messages", said=said, undo=undo)


@bp.route("/messages/<private:conversation_id>/leave", methods=["GET", "POST"])
@limiter.limit(rate_limits.SMALL_ACTS, methods=["POST"])
def leave(conversation_id: int) -> Any:
    """Leave a conversation, or withdraw a request, after a question."""
    found = queries.conversation_for(viewer(), conversation_id)
    if request.method == "GET":
        return render_template(
            "messages/leave.html", conversation=found, address=url_of(conversation_id)
        )
    service.leave(viewer(), conversation_id)
    said = _("You've left the conversation.") if found.is_open else _("Request withdrawn.")
    return responses.done("/messages", said=said)


def draw_write_to(account_id: int, handle: str) -> Markup:
    """Return the link by which the viewer can write to somebody; nothing where they cannot."""
    try:
        person = queries.recipient_for(viewer(), account_id)
    except Refusal:
        return Markup()
    if not (person.conversation_id or person.may_be_asked):
        return Markup()
    return pieces.draw(
        "messages/_write_to.html", person_id=public_ids.of(account_id), handle=handle
    )


def _page(
    account_id: int,
    values: Any,
    *,
    errors: dict[str, str] | None = None,
    preview: Markup | None = None,
) -> str:
    person = queries.recipient_for(viewer(), account_id)
    return render_template(
        "messages/ask.html",
        person=person,
        values=values,
        errors=errors or {},
        preview=preview,
        idempotency_key=values.get("idempotency_key") or uuid.uuid4().hex,
    )
