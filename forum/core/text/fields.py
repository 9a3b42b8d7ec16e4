"""What people type into a field, checked as it comes in, whatever the door."""

import re
import unicodedata

from forum.core.errors import Invalid
from forum.core.text.alphabets.invisible import is_blank, visible_length
from forum.core.translation import _, formats, lazy

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
# What fields are called that many forms have; others are named by who checks them.
NAMES = {
    "about": lazy("About me"),
    "agenda": lazy("The agenda"),
    "body": lazy("The text"),
    "content_note": lazy("The content note"),
    "description": lazy("The description"),
    "greeting": lazy("The greeting"),
    "guidelines": lazy("The guidelines"),
    "name": lazy("The name"),
    "reason": lazy("The reason"),
    "title": lazy("The title"),
    "to": lazy("The username"),
    "welcome": lazy("The welcome message"),
}
# Word ends lines and pages with \v and \f where a paragraph goes on.
_BREAKS = re.compile(r"\r\n?|[\v\f\u2028\u2029]")


def checked(value: str, field: str, *, least: int = 0, most: int, name: str = "") -> str:
    """Return `value` trimmed, with plain line ends, if it has `least` to `most` characters.

    What shows nothing (see `invisible`) is an empty field, and only characters that are drawn
    count towards `least`. Control characters go. Raises Invalid for `field` when it is too short,
    too long, or holds what no program can store: lone surrogates and NUL.
    """
    name = name or NAMES.get(field) or field.replace("_", " ").capitalize()
    text = with_windows_signs(_BREAKS.sub("\n", value)).translate(_CONTROLS).strip()
    if found := _UNSTORABLE.search(text):
        raise Invalid(fields={field: _unstorable(name, text[: found.start()][-_NEAR:])})
    if len(text) > most:
        raise Invalid(fields={field: _too_long(name, len(text), most)})
    if not text.isascii() and _piles_marks(text):
        raise Invalid(fields={field: _("%(name)s has too many marks on one letter.", name=name)})
    if is_blank(text):
        text = ""
    if visible_length(text) < least:
        raise Invalid(fields={field: _too_short(name, least)})
    return text


def _unstorable(name: str, before: str) -> str:
    if before:
        return _(
            "%(name)s has a character after “%(before)s” that cannot be stored.",
            name=name,
            before=before,
        )
    return _("%(name)s has a character at its beginning that cannot be stored.", name=name)


def _too_long(name: str, length: int, most: int) -> str:
    return _(
        "%(name)s can have up to %(most)s characters; this has %(length)s.",
        name=name,
        most=formats.number(most),
        length=formats.number(length),
    )


def _too_short(name: str, least: int) -> str:
    if least == 1:
        return _("%(name)s needs a few words.", name=name)
    return _("%(name)s needs at least %(least)s characters.", name=name, least=least)


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
