"""What letters are made of, in all alphabets: base letters, accents, marks and joiners.

In Hindi or Thai a mark is as much of a word as a letter, and Python's `\\w` knows none of them. In
Latin, Greek or Cyrillic writing it is an accent that is easily left out, as are the vowel points of
Hebrew and Arabic.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Literal, TypeVar

T = TypeVar("T")
_Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
NON_JOINER, JOINER = "\N{ZERO WIDTH NON-JOINER}", "\N{ZERO WIDTH JOINER}"
JOINERS = NON_JOINER + JOINER
# Where marks are: Unicode has none between these blocks, and looking at all takes long.
_BLOCKS = (
    (0x300, 0x3100),
    (0xA600, 0xAC00),
    (0xFB00, 0xFE30),
    (0x10100, 0x10400),
    (0x10A00, 0x12000),
    (0x16A00, 0x17000),
    (0x1BC00, 0x1D300),
    (0x1DA00, 0x1E960),
)
# Marks that are never drawn.
_UNSEEN = re.compile("[\u034f\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_ACCENT = re.compile(
    "[\u0300-\u034e\u0350-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
# Thai, Lao, Tibetan, Burmese, Khmer, Tai, Balinese, Javanese, kana and Han.
_UNSPACED_RANGES = (
    "\u0e01-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf"
    "\u1b00-\u1b7f\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\ua980-\ua9ff"
    "\uaa60-\uaadf\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED = re.compile(f"[{_UNSPACED_RANGES}]")
# Scripts whose words may touch names and words of other scripts: those, and Korean.
TOUCHING = f"{_UNSPACED_RANGES}\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"
_TOUCHING = re.compile(f"[{TOUCHING}]")
_GROWN_MOST = 2
_COMPATIBLE: tuple[_Form, _Form] = ("NFKC", "NFKD")
_CANONICAL: tuple[_Form, _Form] = ("NFC", "NFD")
# "ø" and "ƒ" are letters of their own to Unicode, which tells of their base in their names only.
_NAMED = re.compile(
    r"LATIN (SMALL|CAPITAL) LETTER (?:(?:DOTLESS|SCRIPT|OPEN|LONG|SHARP|REVERSED|INSULAR) )*"
    r"([A-Z])(?: WITH .+)?|LATIN LETTER SMALL CAPITAL ([A-Z])"
)
_OTHERS = {"\N{LATIN SMALL LETTER KRA}": "k", "\N{LATIN SMALL LETTER SCHWA}": "e"}


def has_no_spaces(words: str) -> bool:
    """Whether words are written in a script that puts no spaces between them, in part at least."""
    return bool(_UNSPACED.search(words))


def touches_other_words(char: str) -> bool:
    """Whether a character is of a script whose words may touch those of others (`TOUCHING`)."""
    return bool(_TOUCHING.match(char))


def takes_particles(words: str) -> bool:
    """Whether words end in Korean letters, behind which particles follow without a space."""
    return "\uac00" <= words[-1:] <= "\ud7a3"


def is_mark(char: str) -> bool:
    """Whether a character is drawn as a part of the letter before it."""
    return unicodedata.category(char) in {"Mn", "Mc"} and not _UNSEEN.match(char)


def is_accent(char: str) -> bool:
    """Whether a character is a mark that words are often written without."""
    return bool(_ACCENT.match(char)) and is_mark(char)


@lru_cache(maxsize=10_000)
def base(char: str) -> str:
    """Return the letter or digit of ASCII that a character is a form of; empty for others.

    A capital letter stays one.
    """
    plain = unicodedata.normalize("NFKD", char)[0]
    if plain.isascii():
        return plain if plain.isalnum() else ""
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    named = _NAMED.fullmatch(unicodedata.name(plain, ""))
    if not named:
        return _OTHERS.get(plain, "")
    letter = named[2] or named[3]
    return letter if named[1] == "CAPITAL" else letter.lower()


def without_accents(text: str) -> str:
    """Return a text in compatibility forms, without case and accents, for comparisons.

    Marks that make another word of it, as vowel signs do, stay.
    """
    if text.isascii():
        return text.lower()
    # Some single characters stand for whole phrases; a text made of them stays as it is.
    grown = len(unicodedata.normalize("NFKC", text)) > _GROWN_MOST * len(text) + 100
    composed, parted = _CANONICAL if grown else _COMPATIBLE
    folded = unicodedata.normalize(composed, text).casefold()
    apart = unicodedata.normalize(parted, folded).casefold()
    return unicodedata.normalize(composed, "".join(c for c in apart if not is_accent(c)))


def sort_key(words: str) -> str:
    """Return what a name is sorted by: small base letters, without accents and joiners.

    The same on every database; the order of letters of one alphabet is Unicode's.
    """
    if words.isascii():
        return words.lower()
    bare = without_accents(words.translate(dict.fromkeys(map(ord, JOINERS))))
    return "".join(base(char).lower() or char for char in bare)


def in_order(rows: Iterable[T], column: str = "name") -> list[T]:
    """Return rows by the names in one of their columns, see `sort_key`."""
    return sorted(rows, key=lambda row: sort_key(getattr(row, column)))


def _marks() -> Iterator[str]:
    chars = (chr(code) for block in _BLOCKS for code in range(*block))
    codes = [ord(c) for c in chars if unicodedata.category(c)[0] == "M" and is_mark(c)]
    # Neighbours have the same distance to their place in the list.
    for _, run in groupby(enumerate(codes), key=lambda placed: placed[1] - placed[0]):
        first, *rest = (chr(code) for _, code in run)
        yield f"{first}-{rest[-1]}" if rest else first


MARKS = "".join(_marks())  # all of them, as ranges for a set in a pattern
