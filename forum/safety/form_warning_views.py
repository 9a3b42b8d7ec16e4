"""Warnings that only the writer sees, beside the editor. Nothing of it is kept."""

from collections.abc import Iterable
from typing import Any

from flask import (
    Blueprint,
    Flask,
    current_app,
    flash,
    get_flashed_messages,
    render_template,
    request,
)
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.accounts.policy import person_id
from forum.core.translation import formats, lazy
from forum.core.web import rate_limits, request_sizes, responses
from forum.core.web.forms import form_warnings
from forum.core.web.forms.form_warnings import Notes
from forum.safety import detector, helplines

MAX_LENGTH = 20_000
OFFER = "help"
PERSONAL_DETAILS = {
    "email": lazy("an email address"),
    "phone": lazy("a phone number"),
    "address": lazy("a postal address"),
    "name": lazy("someone's full name"),
}
_NOTHING = Notes(Markup(), asks=False)
bp = Blueprint("writing", __name__)


def init(app: Flask) -> None:
    """Declare to all forms what they tell."""
    app.extensions["forum.known_numbers"] = helplines.digits(app.extensions["forum.helplines"])
    form_warnings.declare(app, notes, offer, offered)


@bp.post("/writing-check")
@request_sizes.takes(request_sizes.LONG_WORDS)
def check() -> Response:
    """Warn a writer before sending; nothing is stored or logged.

    A client that asks too often is offered help without a check of the words: never nothing.
    """
    person_id(viewer())
    if not rate_limits.has_room(rate_limits.FORM_WARNINGS, "writing-check", rate_limits.counted()):
        return responses.done("/", {"html": _shown(unchecked=True), "asks": False})
    found = notes(request.form.get("words", ""))
    return responses.done("/", {"html": found.html, "asks": found.asks})


def notes(words: str) -> Notes:
    """Return what to say beside these words, and whether to ask before they are sent."""
    if not words:
        return _NOTHING
    words = words[:MAX_LENGTH]
    private = detector.find_personal_details(words, current_app.extensions["forum.known_numbers"])
    danger = detector.detects_crisis(words)
    if not private and not danger:
        return _NOTHING
    return Notes(_shown(private=private, danger=danger), asks=bool(private))


def offer(words: str) -> None:
    """Offer help on the next page after words of wanting to die."""
    if detector.detects_crisis(words[:MAX_LENGTH]):
        flash("", OFFER)


def offered() -> Markup:
    """Return the offer of help, once."""
    if not get_flashed_messages(category_filter=[OFFER]):
        return Markup()
    return _shown(danger=True)


def help_first() -> Markup:
    """Return an offer of help that says nothing of what anybody wrote."""
    return _shown(unchecked=True)


def _shown(private: Iterable[str] = (), **found: Any) -> Markup:
    countries = current_app.extensions["forum.helplines"]
    country = helplines.first_guess(countries, request.accept_languages.values())
    lines = country.lines if country else ()
    line = next((line for line in lines if line.numbers), None)
    details = formats.listed(PERSONAL_DETAILS[kind] for kind in private) if private else ""
    html = render_template(
        "safety/_form_warnings.html", line=line, private=private, details=details, **found
    )
    return Markup(html)  # noqa: S704
