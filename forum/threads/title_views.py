"""The HTTP door of a thread's title, for whoever started the thread."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request

from forum.accounts.login.current_user import viewer
from forum.core.errors import Invalid
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.core.web.confirmations import Undo
from forum.core.web.forms import edit_conflicts, form_warnings
from forum.core.web.rate_limits import limiter
from forum.threads import queries, title_changes

bp = Blueprint("thread_titles", __name__)


@bp.route("/threads/<int:thread_id>/title", methods=["GET", "POST"])
@limiter.limit(rate_limits.POSTING, methods=["POST"])
def title(thread_id: int) -> Any:
    """Give one's own thread another title."""
    me, form = viewer(), request.form
    found = queries.current_thread_for(me, thread_id)
    title_changes.require_author(me, found)
    if request.method == "GET":
        return _title_page(found, found.title, shown=edit_conflicts.version_of(found.title))
    if form_warnings.asks_first(form):
        return _title_page(found, form["title"], shown=form.get(edit_conflicts.FIELD, ""))
    try:
        written, shown = form.get("title", ""), form.get(edit_conflicts.FIELD)
        title_changes.change_title(me, found.id, written, shown=shown)
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return _title_page(found, written, shown=shown, errors=refusal.fields), refusal.status
    form_warnings.sent(form)
    now = queries.current_thread_for(me, found.id)
    undo = Undo(f"/threads/{now.id}/title", {"title": found.title})
    answer = {"id": now.id, "title": now.title}
    return responses.done(f"/threads/{now.id}", answer, said=_("Title changed."), undo=undo)


def _title_page(
    thread: queries.ThreadView,
    title: str,
    *,
    shown: str | None,
    errors: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "threads/title.html",
        thread=thread,
        title=title,
        shown=shown,
        errors=errors or {},
        came_back=request.method == "POST",
    )
