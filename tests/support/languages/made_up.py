"""A language that nobody speaks: every text is accented and a third longer than in English.

So a page shows at once which of its words cannot be translated, and where longer ones do not fit.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from forum.core.translation import catalogues
from forum.core.translation.catalogues import Catalogue

CODE = "en-XA"  # as Unicode's CLDR names it
# Left as they are: values, tags, references to characters.
KEPT = re.compile(r"%(?:\(\w+\)[sd]|%)|<[^>]*>|&\w+;")
ACCENTS = str.maketrans(
    "aceinorsuyzACEINORSUYZdghjklptwDGHJKLPTWbmfvqxBMFVQX",
    "áçéîñöŕšüýžÁÇÉÎÑÖŔŠÜÝŽđğĥĵķĺþťŵĐĞĤĴĶĹÞŤŴƀɱƒṽǫẋƁṀƑṼǪẊ",
)
LONGER_BY = 0.3
FILL = "ẽẽẽẽẽẽẽẽẽẽ"


class _MadeUp(Catalogue):
    """Makes each translation when it is asked for."""

    def get(self, message: str, context: str = "") -> str:
        return in_accents(message)

    def all_forms(self, singular: str, plural: str, context: str = "") -> tuple[str, ...]:
        return in_accents(singular), in_accents(plural)


@contextmanager
def is_known() -> Iterator[None]:
    """Have this language among the others for as long as this lasts."""
    catalogues.make_up(en_XA=_MadeUp())
    try:
        yield
    finally:
        catalogues.make_up()


def in_accents(text: str) -> str:
    """Return a text with accents and longer, its values and tags as they are."""
    end, made = 0, []
    for kept in KEPT.finditer(text):
        made += [text[end : kept.start()].translate(ACCENTS), kept[0]]
        end = kept.end()
    made.append(text[end:].translate(ACCENTS))
    letters = len(KEPT.sub("", text).strip())
    return "".join(made) + _filling(round(letters * LONGER_BY))


def _filling(letters: int) -> str:
    words = [FILL[: min(len(FILL), letters - at)] for at in range(0, letters, len(FILL))]
    return "".join(f" {word}" for word in words)
