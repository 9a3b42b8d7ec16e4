"""Which characters leave no mark on the page: the one rule for "there is nothing to see here".

Unicode's property Default_Ignorable_Code_Point (UAX 44) and white space, and a few characters that
fonts draw as a blank. Joiners and marks inside words are never taken away: Persian, Indic scripts
and joined emoji need them. They only do not count as something to see.
"""

import unicodedata

# Default_Ignorable_Code_Point outside of the categories below (fillers, selectors, vowels that are
# not drawn), then blanks by their looks: BRAILLE PATTERN BLANK, OBJECT REPLACEMENT CHARACTER, NULL
# NOTEHEAD.
_BLANK = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0\u2800\ufffc\U0001d159"
)
_BLANK_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
# Unassigned so far, but kept by Unicode for characters that will not be drawn.
_BLANK_RANGES = ((0x2065, 0x2066), (0xFE00, 0xFE10), (0xFFF0, 0xFFF9), (0xE0000, 0xE1000))


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: no letter, digit, sign or emoji that somebody could see."""
    return not any(map(_stands_alone, text))


def visible_length(text: str) -> int:
    """Return how many characters of a text are drawn, marks on letters included."""
    return len(text) if text.isascii() else sum(not _is_invisible(char) for char in text)


def _stands_alone(char: str) -> bool:
    """Whether there is something to see where a character is alone."""
    return not _is_invisible(char) and not unicodedata.category(char).startswith("M")


def _is_invisible(char: str) -> bool:
    if char.isascii():
        return not "\x20" < char < "\x7f"
    return (
        unicodedata.category(char) in _BLANK_CATEGORIES
        or char in _BLANK
        or any(first <= ord(char) < end for first, end in _BLANK_RANGES)
    )
