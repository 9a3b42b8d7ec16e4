"""What people type into a field, checked as it comes in, whatever the door."""

import re
import unicodedata

from forum.core.errors import Invalid
from forum.core.text.invisible import is_blank, visible_length

# Unicode's categories Cc and Cs, but for tab and line feed.
_NO_KEY_MAKES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# Unicode's stream-safe format (UAX 15) has no more on one letter; comparing texts that have takes
# time by the square of their number.
MARKS_MAX = 30
# Word ends lines and pages with \v and \f where a paragraph goes on.
_BREAKS = re.compile(r"\r\n?|[\v\f\u2028\u2029]")


def checked(value: str, field: str, *, least: int = 0, most: int, name: str = "") -> str:
    """Return `value` trimmed, with plain line ends, if it has `least` to `most` characters.

    What shows nothing (see `invisible`) is an empty field, and only characters that are drawn
    count towards `least`. Raises Invalid for `field` when it is too short, too long, or holds
    characters that no keyboard makes: lone surrogates and control characters.
    """
    name = name or field.replace("_", " ").capitalize()
    text = _BREAKS.sub("\n", value).strip()
    if _NO_KEY_MAKES.search(text):
        raise Invalid(fields={field: f"{name} has a character in it that cannot be stored."})
    if len(text) > most:
        raise Invalid(
            fields={field: f"{name} can have up to {most:,} characters; this has {len(text):,}."}
        )
    if not text.isascii() and _piles_marks(text):
        raise Invalid(fields={field: f"{name} has too many marks on one letter."})
    if is_blank(text):
        text = ""
    if visible_length(text) < least:
        how_much = "a few words" if least == 1 else f"at least {least} characters"
        raise Invalid(fields={field: f"{name} needs {how_much}."})
    return text


def one_line(value: str, field: str, *, least: int = 0, most: int, name: str = "") -> str:
    """Return `value` as `checked` does, on one line."""
    return " ".join(checked(value, field, least=least, most=most, name=name).split())


def _piles_marks(text: str) -> bool:
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks > MARKS_MAX:
            return True
    return False
