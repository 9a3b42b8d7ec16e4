"""A page's signed token, with which its browser says how long it was read: nobody can make up a
page, its reader or the moment at which it was served.
"""

from datetime import UTC, datetime, timedelta
from hmac import compare_digest

from flask import current_app

from forum.core import ids
from forum.core.errors import NotFound
from forum.research.recording.reading_rows import Page

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def make_token(page: Page) -> str:
    """Return the page's token."""
    facts = (*page[:-1], (page.served_at - _EPOCH) // _MICROSECOND)
    text = ".".join(map(str, facts))
    return f"{text}.{_signature(text)}"


def read_token(token: str) -> Page:
    """Return the page with this token. Raises NotFound when we have not made it."""
    text, _, signature = token.rpartition(".")
    if not token.isascii() or not compare_digest(signature.encode(), _signature(text).encode()):
        raise NotFound
    number, account_id, group_id, thread_id, served_us = map(int, text.split("."))
    served_at = _EPOCH + served_us * _MICROSECOND
    return Page(number, account_id, group_id, thread_id, served_at)


def _signature(text: str) -> str:
    return ids.keyed_digest(text, f"page/{current_app.secret_key!s}")
