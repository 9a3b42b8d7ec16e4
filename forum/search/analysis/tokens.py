"""The words of a text, folded for comparison, in time proportional to its length.

Scripts without spaces, and Korean, where particles follow a word, become pairs of characters that
overlap: whatever stands there in a row is found, without a dictionary.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from forum.core.text.alphabets import letters

WORD_MAX = 64
_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}"
_LETTER = r"[^\W_]"
_WORD = re.compile(
    rf"{_LETTER}(?:{_LETTER}|[{letters.MARKS}{letters.JOINERS}]|[{_APOSTROPHES}](?={_LETTER}))*"
)
_BETWEEN = re.compile(rf"[^\w{letters.MARKS}]|_")
_RUN = re.compile(
    f"[{letters.TOUCHING}][{letters.TOUCHING}{letters.MARKS}]*|[^{letters.TOUCHING}]+"
)


class Token(NamedTuple):
    """A word as it is compared, and where it is in the text."""

    word: str
    start: int
    end: int


def tokens_of(text: str) -> Iterator[Token]:
    """Yield the words of a text in order; of a script without spaces, each pair of characters."""
    for found in _WORD.finditer(text):
        start, end = found.span()
        word = folded(found[0])
        if word.isascii():
            if word:
                yield Token(word[:WORD_MAX], start, end)
        else:
            yield from _runs(word, start, end)


def words_of(text: str) -> list[str]:
    """Return the words of a text in order."""
    return [token.word for token in tokens_of(text)]


def folded(word: str) -> str:
    """Return a word without case, accents, apostrophes and joiners."""
    if word.isascii():
        return word.lower().replace("'", "")
    return _BETWEEN.sub("", letters.without_accents(word))


def is_pair(word: str) -> bool:
    """Whether a word is one or two characters of a script whose words are found in pairs."""
    return letters.touches_other_words(word[0])


def _runs(word: str, start: int, end: int) -> Iterator[Token]:
    exact = len(word) == end - start
    for run in _RUN.finditer(word):
        first, last = (start + run.start(), start + run.end()) if exact else (start, end)
        if not is_pair(run[0]):
            yield Token(run[0][:WORD_MAX], first, last)
        elif len(run[0]) == 1:
            yield Token(run[0], first, last)
        else:
            for at in range(len(run[0]) - 1):
                where = (first + at, first + at + 2) if exact else (start, end)
                yield Token(run[0][at : at + 2], *where)
