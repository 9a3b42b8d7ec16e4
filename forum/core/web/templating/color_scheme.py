"""Light, dark, or as the device says: a choice that needs neither an account nor a script."""

from flask import Blueprint, Flask, request
from werkzeug.wrappers import Response

from forum.core.errors import Invalid
from forum.core.translation import _, lazy
from forum.core.web import cookies, responses

COLOR_SCHEMES = ("auto", "light", "dark")
SAID = {
    "auto": lazy("Colours follow your device now."),
    "light": lazy("Light colours are on."),
    "dark": lazy("Dark colours are on."),
}
COOKIE = "appearance"
YEAR_S = 365 * 24 * 3600

bp = Blueprint("appearance", __name__)


def init(app: Flask) -> None:
    """Add the choice, and tell it to every page."""
    app.register_blueprint(bp)
    app.context_processor(lambda: {"appearance": chosen_scheme()})


def chosen_scheme() -> str:
    """Return what this browser has chosen: auto, light or dark."""
    chosen = cookies.read(request, COOKIE)
    return chosen if chosen in COLOR_SCHEMES else COLOR_SCHEMES[0]


@bp.post("/appearance")
def choose() -> Response:
    """Keep the choice in a cookie, and go back to the page."""
    chosen = request.form.get("color_scheme", "")
    if chosen not in COLOR_SCHEMES:
        raise Invalid(fields={"color_scheme": _("Choose auto, light or dark.")})
    answer = responses.done(responses.way_back(), {"color_scheme": chosen}, said=SAID[chosen])
    cookies.keep(answer, COOKIE, chosen, YEAR_S)
    return answer
