"""How pages look in this browser: colours, text size and line length, without account or script."""

from typing import NamedTuple

from flask import Blueprint, Flask, request
from werkzeug.wrappers import Response

from forum.core.errors import Invalid
from forum.core.translation import _, lazy
from forum.core.web import cookies, responses

COOKIE = "appearance"
YEAR_S = 365 * 24 * 3600


class Appearance(NamedTuple):
    """What a browser has chosen; without a choice, the first of each."""

    color_scheme: str = "auto"
    text_size: str = "normal"
    line_length: str = "medium"


class Option(NamedTuple):
    """One value of a choice: its button, and what is said once it is chosen."""

    label: str
    said: str


class Choice(NamedTuple):
    """A row of buttons. The values of no two choices are alike."""

    label: str
    options: dict[str, Option]


CHOICES = {
    "color_scheme": Choice(
        lazy("Colours"),
        {
            "auto": Option(lazy("Match my device"), lazy("Colours follow your device now.")),
            "light": Option(lazy("Light"), lazy("Light colours are on.")),
            "dark": Option(lazy("Dark"), lazy("Dark colours are on.")),
        },
    ),
    "text_size": Choice(
        lazy("Text size"),
        {
            "normal": Option(lazy("Normal"), lazy("The text has its normal size.")),
            "large": Option(lazy("Large"), lazy("The text is large now.")),
            "largest": Option(lazy("Very large"), lazy("The text is very large now.")),
        },
    ),
    "line_length": Choice(
        lazy("Line length"),
        {
            "short": Option(lazy("Short"), lazy("Lines are short now.")),
            "medium": Option(lazy("Medium"), lazy("Lines have their usual length.")),
            "long": Option(lazy("Long"), lazy("Lines are long now, where there is room.")),
        },
    ),
}

bp = Blueprint("appearance", __name__)


def init(app: Flask) -> None:
    """Add the choices, and tell them to every page."""
    app.register_blueprint(bp)
    app.context_processor(lambda: {"appearance": chosen()})
    app.jinja_env.globals["appearance_choices"] = CHOICES


def chosen() -> Appearance:
    """Return what this browser has chosen; what its cookie holds besides is passed over."""
    values = cookies.read(request, COOKIE).split(".", len(CHOICES))
    return Appearance(
        **{
            name: value
            for name, choice in CHOICES.items()
            for value in values
            if value in choice.options
        }
    )


@bp.post("/appearance")
def choose() -> Response:
    """Keep a choice in the cookie beside the others, and go back to the page."""
    for name, choice in CHOICES.items():
        value = request.form.get(name)
        if value is None:
            continue
        if value not in choice.options:
            raise Invalid(fields={name: _("Choose one of the buttons.")})
        answer = responses.done(
            responses.way_back(), {name: value}, said=str(choice.options[value].said)
        )
        cookies.keep(answer, COOKIE, ".".join(chosen()._replace(**{name: value})), YEAR_S)
        return answer
    raise Invalid(fields={"color_scheme": _("Choose one of the buttons.")})
