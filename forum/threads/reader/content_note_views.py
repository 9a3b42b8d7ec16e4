"""The HTTP door of content notes: what a member wants of each topic."""

from typing import Any

from flask import Blueprint, jsonify, render_template, request
from markupsafe import Markup

from forum.accounts.login.current_user import viewer
from forum.accounts.preferences import content_note_preferences, content_note_words
from forum.core.errors import Invalid
from forum.core.translation import _
from forum.core.translation.caches import cached_by_language
from forum.core.web import rate_limits, responses
from forum.core.web.rate_limits import limiter

bp = Blueprint("topics", __name__)


@bp.route("/account/content-notes", methods=["GET", "POST"])
@limiter.limit(rate_limits.SMALL_ACTS, methods=["POST"])
def content_notes() -> Any:
    """Show or change what one wants of each topic: pairs of `topic` and `choice`."""
    me = viewer()
    if request.method == "GET":
        choices = content_note_preferences.saved_by(me)
        return jsonify(choices=choices) if responses.wants_json() else _page(choices)
    given = _given()
    try:
        content_note_preferences.save(me, given)
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return _page(given, refusal.fields), refusal.status
    return responses.done("/account/content-notes", said=_("Saved for all your groups."))


@cached_by_language(None)
def suggested_options() -> Markup:
    """Return the suggested topics as options of a field for a content note."""
    return Markup("\n").join(
        Markup('<option value="{}"></option>').format(words)
        for words in content_note_preferences.SUGGESTED.values()
    )


def _given() -> dict[str, str]:
    pairs = zip(request.form.getlist("topic"), request.form.getlist("choice"), strict=False)
    # No choice, or no topic in the empty line at the end of the page, is no wish.
    return {
        topic: choice
        for place, (topic, choice) in enumerate(pairs)
        if choice and (topic.strip() or place == 0)
    }


def _page(choices: dict[str, str], errors: dict[str, str] | None = None) -> str:
    folded = {
        content_note_preferences.folded(topic): words
        for topic, words in content_note_preferences.SUGGESTED.items()
    }
    own = [
        topic for topic in choices if topic != content_note_preferences.ALL and topic not in folded
    ]
    return render_template(
        "threads/content_notes.html",
        suggested=folded,
        covered={topic: content_note_words.explained(topic) for topic in folded},
        own=own,
        choices=choices,
        errors=errors or {},
    )
