"""Tokens in links that work without logging in: signed, and each for one purpose alone.

What is in a token can be read by whoever has it; nobody else can make one.
"""

from datetime import timedelta
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

_key = ""


def init(secret_key: str) -> None:
    """Sign with this key from now on."""
    global _key
    _key = secret_key


def key() -> str:
    """Return the key."""
    return _key


def sign(purpose: str, *values: str) -> str:
    """Return a token that holds these values."""
    return str(_serializer(purpose).dumps(values))


def read(purpose: str, token: str, valid_for: timedelta) -> list[Any] | None:
    """Return the values of a token; None for one that was forged, changed, or is too old."""
    try:
        values = _serializer(purpose).loads(token, max_age=int(valid_for.total_seconds()))
    except BadData:
        return None
    return values if isinstance(values, list) else None


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_key, salt=f"forum {purpose}")
