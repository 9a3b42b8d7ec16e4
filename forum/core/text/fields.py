"""What people type into a field, checked as it comes in, whatever the door."""

import re
import unicodedata

from forum.core.errors import Invalid
from forum.core.text.alphabets.invisible import is_blank, visible_length

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL takes neither
_NEAR = 20  # characters are shown from before one that is refused
# Copied PDFs hold control characters, which show nothing.
_CONTROLS = dict.fromkeys({*range(1, 0x20), 0x7F} - {ord("\t"), ord("\n")})
# Windows-1252 read as Latin-1: dashes, dots and curly quotation marks arrive as control characters.
_WINDOWS = {
    code: bytes([code]).decode("cp1252", errors="ignore") or None for code in range(0x80, 0xA0)
}
# Unicode's stream-safe format (UAX 15) has no more on one letter; comparing texts that have takes
# time by the square of their number.
MARKS_MAX = 30
# Word ends lines and pages with \v and \f where a paragraph goes on.
_BREAKS = re.compile(r"\r\n?|[\v\f\u2028\u2029]")


def checked(value: str, field: str, *, least: int = 0, most: int, name: str = "") -> str:
    """Return `value` trimmed, with plain line ends, if it has `least` to `most` characters.

    What shows nothing (see `invisible`) is an empty field, and only characters that are drawn
    count towards `least`. Control characters go. Raises Invalid for `field` when it is too short,
    too long, or holds what no program can store: lone surrogates and NUL.
    """
    name = name or field.replace("_", " ").capitalize()
    text = with_windows_signs(_BREAKS.sub("\n", value)).translate(_CONTROLS).strip()
    if found := _UNSTORABLE.search(text):
        before = text[max(0, found.start() - _NEAR) : found.start()]
        where = f"after “{before}”" if before else "at its beginning"
        raise Invalid(fields={field: f"{name} has a character {where} that cannot be stored."})
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


def with_windows_signs(text: str) -> str:
    """Return a text with the characters of Windows-1252 in place of control characters."""
    return text if text.isascii() else text.translate(_WINDOWS)


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
