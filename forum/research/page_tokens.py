"""What a page carries so that its browser can say how long it was read: signed, so that nobody can
make up a page, its reader or the moment at which it was served.
"""

from datetime import UTC, datetime, timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from forum.core.errors import NotFound
from forum.research.reading_rows import Page

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def token_of(page: Page) -> str:
    """Return what the page carries."""
    return str(_signer().dumps([*page[:-1], (page.served_at - _EPOCH) // _MICROSECOND]))


def page_of(token: str) -> Page:
    """Return the page that carries this. Raises NotFound when we have not made it."""
    try:
        *facts, served_us = _signer().loads(token)
    except BadSignature as problem:
        raise NotFound from problem
    number, account_id, group_id, thread_id = facts
    served_at = _EPOCH + served_us * _MICROSECOND
    return Page(number, account_id, group_id, thread_id, served_at)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="page")
