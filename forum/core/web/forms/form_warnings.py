"""What a form can say about the words in it before they are sent.

Every slice has forms for words, and `safety`, above them, knows what to say: it declares that here.
Our own forms have `ask_first`: 1 asks for a question before sending, 0 when its note is shown.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flask import Flask, request
from markupsafe import Markup

from forum.core.web import responses

ASK = "ask_first"
WORDS = ("title", "body")


@dataclass(frozen=True)
class Notes:
    """What to show beside words, and whether that is worth a question before they are sent."""

    html: Markup
    asks: bool


_NONE = Notes(Markup(), asks=False)


def _nothing_to_say(_words: str) -> Notes:
    return _NONE


def _nothing_to_offer(_words: str) -> None:
    return


_notes: Callable[[str], Notes] = _nothing_to_say
_offer: Callable[[str], None] = _nothing_to_offer


def init(app: Flask) -> None:
    """Let templates show notes; there are none until somebody has declared them."""
    app.jinja_env.globals.update(
        words_in=words_in, writing_notes=_nothing_to_say, writing_offer=Markup
    )


def declare(
    app: Flask,
    notes: Callable[[str], Notes],
    offer: Callable[[str], None],
    offered: Callable[[], Markup],
) -> None:
    """Say what forms tell: `notes` beside words, what to `offer` once they have been sent, and how
    that is shown when it has been `offered`.
    """
    global _notes, _offer
    _notes, _offer = notes, offer
    app.jinja_env.globals.update(writing_notes=notes, writing_offer=offered)


def words_in(form: Mapping[str, str], fields: Iterable[str] = WORDS) -> str:
    """Return the words of a form that are looked at."""
    return "\n".join(words for field in fields if (words := form.get(field, "") or ""))


def asks_first(form: Mapping[str, str], fields: Iterable[str] = WORDS) -> bool:
    """Whether a form that was sent without script comes back once, with its words and a note."""
    wanted = request.method == "POST" and form.get(ASK) == "1" and not responses.wants_json()
    return wanted and _notes(words_in(form, fields)).asks


def sent(form: Mapping[str, str], fields: Iterable[str] = WORDS) -> None:
    """Offer on the writer's next page what the words that they sent from ours call for."""
    if ASK in form:
        _offer(words_in(form, fields))
