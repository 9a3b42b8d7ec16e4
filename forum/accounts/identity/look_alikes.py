"""Which handles people would take for one another.

The data of Unicode's UTS 39 comes from `confusable_homoglyphs`, which keeps pairs; the centre of
each star of pairs is the prototype that the others are mistaken for.
"""

import unicodedata
from functools import lru_cache

from confusable_homoglyphs import confusables

from forum.core.text.alphabets import letters

SEPARATORS = "-_"
# What two letters look like side by side is spelled out; separators are easily overlooked.
_TOGETHER = str.maketrans({"w": "vv", "d": "cl", **dict.fromkeys(SEPARATORS, "")})
_DIGITS = str.maketrans("345789", "eastbg")  # 0 and 1 look like letters without any ill will
_UNSEEN = dict.fromkeys(map(ord, (*letters.JOINERS, "\N{LEFT-TO-RIGHT MARK}")))


def fold(handle: str) -> str:
    """Return what look-alikes have in common: the same for all of them, and for itself."""
    before, key = "", handle
    while key != before:
        before, key = key, "".join(map(prototype, plain(key)))
        key = key.translate(_TOGETHER)
    return key


def skeleton(handle: str) -> str:
    """Return `fold` without accents, strokes and digits that stand for letters.

    "zoë" and "zoe" are two handles, but nobody new gets one beside the other.
    """
    bare = (char for char in plain(handle) if not letters.is_accent(char))
    return fold("".join(letters.base(char) or char for char in bare).translate(_DIGITS))


def plain(text: str) -> str:
    """Return a text in its parts, without case and what cannot be seen."""
    folded = unicodedata.normalize("NFKC", text.translate(_UNSEEN)).casefold()
    return unicodedata.normalize("NFKD", folded).casefold()


@lru_cache(maxsize=20_000)
def prototype(char: str) -> str:
    """Return the character or characters that this one is mistaken for; itself when for none."""
    pairs = confusables.confusables_data
    if char in "iI":
        return "l"
    alike = [other["c"] for other in pairs.get(char, ())]
    centre: str = max(
        [char, *alike], key=lambda one: (len(pairs.get(one, ())), len(one), one < "\x80")
    )
    return centre.translate(_UNSEEN)
