"""Passwords that many people choose, and those that anybody would try at this forum first.

zxcvbn judges how hard a password is to guess for a stranger who knows its lists. It takes four
common words for strong ones, even "common thread forum help", and does not know famous phrases.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

OTHER_LETTERS_LEAST = 6
_FOLDER = Path(__file__).parent
_LOOKS = str.maketrans("0134578@$!|", "oieastbasil")
_NO_LETTERS = re.compile(r"[\W\d_]+")


def is_common(password: str, known: Iterable[str] = ()) -> bool:
    """Whether a password of at most some hundred characters is one that others would try first.

    `known` are words that belong to this account or forum, such as the handle.
    """
    plain = _compact(password)
    core = plain.strip("0123456789")
    letters = _letters(password)
    if {plain, core, letters, _once(letters)} & _list():
        return True
    beside = _letters_beside(letters, _words().union(*map(_parts, known)))
    # What is mostly digits and signs is judged by zxcvbn alone.
    ours = len(letters) - beside
    return beside < OTHER_LETTERS_LEAST and ours > 0 and 2 * ours >= len(plain)


@lru_cache
def _list() -> frozenset[str]:
    return frozenset(map(_compact, _lines("common_passwords.txt"))) - {""}


@lru_cache
def _words() -> frozenset[str]:
    return frozenset(word for line in _lines("common_words.txt") for word in line.split())


def _lines(file: str) -> list[str]:
    lines = (_FOLDER / file).read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def _compact(words: str) -> str:
    """Return words without capitals, blanks and signs."""
    return "".join(c for c in _folded(words) if c.isalnum())


def _letters(words: str) -> str:
    """Return the letters alone, with digits and signs that stand for letters read as those."""
    inner = _folded(words).strip("0123456789!?.,;:-_+*#&%=~ ")
    return _NO_LETTERS.sub("", inner.translate(_LOOKS))


def _folded(words: str) -> str:
    return unicodedata.normalize("NFKC", words).casefold()


def _once(letters: str) -> str:
    """Return what is said again and again, once."""
    length = (letters + letters).find(letters, 1) if letters else 0
    return letters[:length]


def _parts(known: str) -> set[str]:
    """Return the words of a name that are long enough to mean it, and the whole of it."""
    parts = {*_NO_LETTERS.split(_folded(known)), _letters(known)}
    return {part for part in parts if len(part) >= 3}


def _letters_beside(letters: str, words: frozenset[str]) -> int:
    """Return how many letters are left where as many as possible belong to some of these words."""
    longest = max(map(len, words))
    left = [0]
    for end in range(1, len(letters) + 1):
        best = left[end - 1] + 1
        for begin in range(max(0, end - longest), end - 1):
            if left[begin] < best and letters[begin:end] in words:
                best = left[begin]
        left.append(best)
    return left[-1]
