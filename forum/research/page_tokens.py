"""What a page carries so that its browser can say how long it was read: signed, so that nobody can
make up a page, its reader or the moment at which it was served.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from flask import current_app
from itsdangerous import BadSignature, Signer

from forum.core.errors import NotFound
from forum.research.reading_rows import Page

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def token_of(page: Page) -> str:
    """Return what the page carries."""
    facts = (*page[:-1], (page.served_at - _EPOCH) // _MICROSECOND)
    return _signer(_key()).sign(".".join(map(str, facts))).decode()


def page_of(token: str) -> Page:
    """Return the page that carries this. Raises NotFound when we have not made it."""
    try:
        signed = _signer(_key()).unsign(token)
    except BadSignature as problem:
        raise NotFound from problem
    number, account_id, group_id, thread_id, served_us = map(int, signed.split(b"."))
    served_at = _EPOCH + served_us * _MICROSECOND
    return Page(number, account_id, group_id, thread_id, served_at)


def _key() -> str:
    return str(current_app.secret_key)


@lru_cache(maxsize=1)
def _signer(key: str) -> Signer:
    return Signer(key, salt="page")
