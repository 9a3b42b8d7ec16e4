"""Choosing a language: at the foot of every page, and among the settings of an account."""

from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from forum.accounts import service
from forum.accounts.login.current_user import viewer
from forum.accounts.policy import person_id
from forum.accounts.preferences.language import require_language
from forum.core.translation import _, catalogues, languages
from forum.core.web import rate_limits, request_language, responses
from forum.core.web.rate_limits import limiter

bp = Blueprint("language", __name__)


@bp.get("/account/language")
def settings() -> Any:
    """Show which languages there are."""
    person_id(viewer())
    return render_template(
        "accounts/profile/language.html",
        options=[("", _("The language of my browser")), *catalogues.choices()],
        chosen=viewer().language,
    )


@bp.post("/language")
@limiter.limit(rate_limits.SMALL_ACTS)
def choose() -> Response:
    """Keep the choice in the account, if there is one, and in a cookie; go back to the page."""
    language = request.form.get("language", "")
    require_language(language)
    if viewer().id is not None:
        service.change_language(viewer(), language)
    languages.speak(language or None)
    answer = responses.done(responses.way_back(), {"language": language}, said=_("Language saved."))
    request_language.keep(answer, language)
    return answer
