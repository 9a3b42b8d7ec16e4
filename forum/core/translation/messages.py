"""Texts in the language of this request or job, with their values filled in.

A text names its values as in `%(name)s`; one without values is taken as it is, so that it may hold
a per cent sign.
"""

from typing import Any

from forum.core.translation import catalogues
from forum.core.translation.languages import current


def gettext(message: str, **values: Any) -> str:
    """Return a text; its import is called `_`."""
    text = catalogues.of(current()).get(message)
    return text % values if values else text


def pgettext(context: str, message: str, **values: Any) -> str:
    """Return a text whose English means several things; the context says which."""
    text = catalogues.of(current()).get(message, context)
    return text % values if values else text


def ngettext(singular: str, plural: str, count: int, **values: Any) -> str:
    """Return the form of a text that fits a number, which it calls `%(count)s`."""
    text = catalogues.of(current()).plural(singular, plural, count)
    return text % {"count": count, **values}


def npgettext(context: str, singular: str, plural: str, count: int, **values: Any) -> str:
    """Return what `ngettext` does for a text whose English means several things."""
    text = catalogues.of(current()).plural(singular, plural, count, context)
    return text % {"count": count, **values}
