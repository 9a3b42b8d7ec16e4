"""What people type into a field, checked as it comes in."""

import re

from forum.core.errors import Invalid

# Unicode's categories Cc and Cs, but for tab and line feed.
_NO_KEY_MAKES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BREAKS = re.compile(r"\r\n?|\u2028|\u2029")


def checked(value: str, field: str, *, least: int = 0, most: int, name: str = "") -> str:
    """Return `value` trimmed, with plain line ends, if it has `least` to `most` characters.

    Raises Invalid for `field` when it is too short, too long, or holds characters that no
    keyboard makes: lone surrogates and control characters.
    """
    name = name or field.replace("_", " ").capitalize()
    text = _BREAKS.sub("\n", value).strip()
    if _NO_KEY_MAKES.search(text):
        raise Invalid(fields={field: f"{name} has a character in it that cannot be stored."})
    if len(text) > most:
        raise Invalid(
            fields={field: f"{name} can have up to {most:,} characters; this has {len(text):,}."}
        )
    if len(text) < least:
        raise Invalid(
            fields={
                field: f"{name} needs a few words."
                if least == 1
                else f"{name} needs at least {least} characters."
            }
        )
    return text


def one_line(value: str, field: str, *, least: int = 0, most: int, name: str = "") -> str:
    """Return `value` as `checked` does, on one line."""
    return " ".join(checked(value, field, least=least, most=most, name=name).split())
