"""The HTTP door of safety: help now, for everybody, without login, script or database."""

from flask import Blueprint, current_app, render_template, request

from forum.core.text.alphabets import letters
from forum.safety import helpline_words
from forum.safety.helplines import Country, first_guess

bp = Blueprint("safety", __name__)


@bp.get("/help-now")
def help_now() -> str:
    """Show where to get help: in the country that is asked for, else a guess by language."""
    countries: dict[str, Country] = current_app.extensions["forum.helplines"]
    asked = request.args.get("country")
    if asked is None:
        country = first_guess(countries, request.accept_languages.values())
    else:
        country = countries.get(asked.upper())
    return render_template(
        "safety/help_now.html",
        countries=sorted(countries.values(), key=_sort_key),
        places=helpline_words.short_names(countries.values()),
        country=country,
        guessed=asked is None,
    )


def dialled(number: str) -> str:
    """Return a telephone number as a tel: address wants it."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")


def _sort_key(country: Country) -> str:
    return letters.sort_key(helpline_words.translated(country.name))
