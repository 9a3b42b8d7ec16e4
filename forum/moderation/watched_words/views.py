"""The HTTP door of a group's watch words."""

from typing import Any

from flask import Blueprint, render_template, request

from forum.accounts.login.current_user import viewer
from forum.core.errors import Invalid
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.core.web.forms import edit_conflicts
from forum.groups import queries as groups
from forum.moderation.watched_words import service as watched_words

bp = Blueprint("watched_words", __name__)


@bp.route("/groups/<slug>/watched-words", methods=["GET", "POST"])
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS, methods=["POST"])
def edit(slug: str) -> Any:
    """Show and change the words that bring a post to the queue."""
    me = viewer()
    group = groups.group_for(me, slug)
    words = "\n".join(watched_words.words_for(me, group.id))
    shown, status, errors = edit_conflicts.version_of(words), 200, dict[str, str]()
    if request.method == "POST":
        words = request.form.get("words", "")
        try:
            watched_words.set_words(
                me, group.id, words, shown=request.form.get(edit_conflicts.FIELD)
            )
        except Invalid as refusal:
            if responses.wants_json():
                raise
            errors, status = refusal.fields, refusal.status
        else:
            return responses.done(f"/groups/{slug}/watched-words", said=_("List saved."))
    page = render_template(
        "moderation/watched_words/watched_words.html",
        group=group,
        words=words,
        errors=errors,
        shown=shown,
    )
    return page, status
