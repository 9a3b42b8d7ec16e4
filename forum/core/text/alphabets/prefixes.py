# ruff: noqa: RUF001 - Hebrew letters look like Latin ones
"""What Arabic and Hebrew write on to the beginning of a word: and, the, in, to, from, as, that.

Only what is written with a word is known here, not what the language says: "כמות" (quantity) is
also "as death". Words of two letters are found behind an article alone.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import product

_TO_THE = "لل"
_ARTICLES = ("ال", _TO_THE, "ה")
_ARABIC = {
    and_ + rest
    for and_, rest in product(("", "و", "ف"), ("", "ال", "بال", "كال", "لل", "ب", "ك", "ل"))
} - {""}
_HEBREW = {
    "".join(parts)
    for parts in product(
        ("", "ו"), ("", "ש", "כש", "לכש", "מש"), ("", "ה", "ב", "כ", "ל", "מ", "מה")
    )
} - {""}
_LONGEST = max(map(len, _ARABIC | _HEBREW))
_WORD_MIN = 3


def takes_prefixes(word: str) -> bool:
    """Whether a word is written in Arabic or Hebrew letters."""
    return "\u05d0" <= word[:1] <= "\u05ea" or "\u0620" <= word[:1] <= "\u06d3"


def without_prefixes(word: str) -> Iterator[str]:
    """Yield a word as it is, and what it may be without the prefixes that are written on to it."""
    yield word
    if not takes_prefixes(word):
        return
    for cut in range(1, min(_LONGEST, len(word) - 1) + 1):
        prefix, rest = word[:cut], word[cut:]
        if prefix in _ARABIC or prefix in _HEBREW:
            with_article = prefix.endswith(_ARTICLES)
            if len(rest) >= (_WORD_MIN - with_article):
                yield rest
            if prefix.endswith(_TO_THE):  # the article's first letter is left out behind "to"
                yield "ال" + rest


def places_of(said: Sequence[str]) -> dict[str, set[int]]:
    """Return the places of a text at which each word is, also behind prefixes."""
    places: dict[str, set[int]] = {}
    for at, word in enumerate(said):
        for bare in without_prefixes(word):
            places.setdefault(bare, set()).add(at)
    return places


def stand_in(phrase: Sequence[str], places: Mapping[str, Set[int]]) -> bool:
    """Whether a phrase with words in Arabic or Hebrew is in the text of these `places_of`."""
    starts = [{at - nth for at in places.get(word, ())} for nth, word in enumerate(phrase)]
    return any(map(takes_prefixes, phrase)) and bool(set.intersection(*starts))
