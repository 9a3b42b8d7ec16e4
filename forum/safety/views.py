"""The HTTP door of safety: help now, for everybody, without login, script or database."""

from flask import Blueprint, current_app, render_template, request

from forum.core.text.alphabets import letters
from forum.core.translation import languages
from forum.safety import helpline_words
from forum.safety.helplines import Country, first_guess, speaking

bp = Blueprint("safety", __name__)


@bp.get("/help-now")
def help_now() -> str:
    """Show where to get help: in the country that is asked for, else a guess by language.

    Where neither tells the country, lines of all that speak the language are shown.
    """
    countries: dict[str, Country] = current_app.extensions["forum.helplines"]
    asked = request.args.get("country")
    spoken = [*request.accept_languages.values(), languages.current()]
    country = first_guess(countries, spoken) if asked is None else countries.get(asked.upper())
    near = [] if country else speaking(countries, spoken)
    return render_template(
        "safety/help_now.html",
        countries=sorted(countries.values(), key=_sort_key),
        country=country,
        near=sorted(near, key=_sort_key),
        guessed=asked is None,
    )


def dialled(number: str) -> str:
    """Return a telephone number as a tel: address wants it."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")


def _sort_key(country: Country) -> str:
    return letters.sort_key(helpline_words.translated(country.name))
