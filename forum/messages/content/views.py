"""The HTTP door of single messages: edits, deleting, reactions."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.accounts.policy import member_id
from forum.core import clock, text
from forum.core.errors import Forbidden, Invalid
from forum.core.translation import _
from forum.core.web import rate_limits, request_sizes, responses
from forum.core.web.confirmations import Undo
from forum.core.web.forms import form_warnings
from forum.core.web.rate_limits import limiter
from forum.messages import policy, service
from forum.messages.content import queries as content_queries
from forum.messages.views import preview_of, respond_with_message, url_of

bp = Blueprint("private_messages", __name__)


@bp.get("/messages/<private:conversation_id>/<int:number>")
def permalink(conversation_id: int, number: int) -> Response:
    """Lead to a message's place, while it is there."""
    me = viewer()
    content_queries.message_for(me, conversation_id, number)
    shown = {row.number for row in content_queries.last_messages(me, conversation_id, None)}
    earlier = "" if number in shown else f"?before={number + 1}"
    return redirect(f"{url_of(conversation_id)}{earlier}#message-{number}")


@bp.route("/messages/<private:conversation_id>/<int:number>/edit", methods=["GET", "POST"])
@request_sizes.takes(request_sizes.LONG_WORDS)
@limiter.limit(rate_limits.POSTING, methods=["POST"])
def edit(conversation_id: int, number: int) -> Any:
    """Change one's own message."""
    if request.method == "GET":
        message = _own(conversation_id, number)
        values = {"body": message.body, "content_note": message.content_note}
        return _edit_page(conversation_id, number, values)
    form = request.form
    if "preview" in form:
        preview = preview_of(form.get("body", ""))
        return _edit_page(conversation_id, number, form, preview=preview)
    if form_warnings.asks_first(form):
        return _edit_page(conversation_id, number, form)
    try:
        service.edit_message(
            viewer(),
            conversation_id,
            number,
            body=form.get("body", ""),
            content_note=form.get("content_note", ""),
        )
    except Invalid as refusal:
        if responses.wants_json():
            raise
        page = _edit_page(conversation_id, number, form, errors=refusal.fields)
        return page, refusal.status
    form_warnings.sent(form)
    return _respond(conversation_id, number, said=_("Changes saved."))


@bp.route("/messages/<private:conversation_id>/<int:number>/delete", methods=["GET", "POST"])
@limiter.limit(rate_limits.SMALL_ACTS, methods=["POST"])
def delete(conversation_id: int, number: int) -> Any:
    """Delete a message for oneself, or one's own for both (`for_both` 1), after a question."""
    me = viewer()
    if request.method == "GET":
        message = content_queries.message_for(me, conversation_id, number)
        recent = clock.now() - message.created_at <= policy.CHANGE_WITHIN
        own = message.author_id == me.id and message.deleted_at is None
        return render_template(
            "messages/delete.html",
            address=url_of(conversation_id),
            number=number,
            may_delete_for_both=own and recent,
            html=Markup(text.render(message.body)),  # noqa: S704 - that is what core/text is for
        )
    if request.form.get("for_both") == "1":
        service.delete_for_both(me, conversation_id, number)
        return _respond(conversation_id, number, said=_("Message deleted for both of you."))
    service.delete_for_me(me, conversation_id, number)
    return responses.done(
        url_of(conversation_id), {"id": number}, said=_("Message deleted for you.")
    )


@bp.post("/messages/<private:conversation_id>/<int:number>/reactions")
@limiter.limit(rate_limits.SMALL_ACTS)
def react(conversation_id: int, number: int) -> Any:
    """Give a reaction (`on`=1), take it back (`on`=0), or whichever is not so yet."""
    me, kind = viewer(), request.form.get("kind", "")
    message = content_queries.message_for(me, conversation_id, number)
    given = kind in message.reactions.split()
    asked = request.form.get("on", "")
    on = not given if asked == "" else asked != "0"
    service.react(me, conversation_id, number, kind, on=on)
    undo = Undo(
        f"{url_of(conversation_id)}/{number}/reactions", {"kind": kind, "on": "0" if on else "1"}
    )
    said = _("Reaction added.") if on else _("Reaction removed.")
    return respond_with_message(message.id, said=said, undo=undo)


def _respond(conversation_id: int, number: int, *, said: str) -> Response:
    message = content_queries.message_for(viewer(), conversation_id, number)
    return respond_with_message(message.id, said=said)


def _own(conversation_id: int, number: int) -> Any:
    me = viewer()
    message = content_queries.message_for(me, conversation_id, number)
    if message.author_id != member_id(me):
        raise Forbidden(_("You can only change your own messages."), code="not_yours")
    return message


def _edit_page(
    conversation_id: int,
    number: int,
    values: Any,
    *,
    errors: dict[str, str] | None = None,
    preview: Markup | None = None,
) -> str:
    _own(conversation_id, number)
    return render_template(
        "messages/edit.html",
        address=url_of(conversation_id),
        number=number,
        values=values,
        errors=errors or {},
        preview=preview,
    )
