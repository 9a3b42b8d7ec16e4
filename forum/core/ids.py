"""Ids of rows, random tokens, and what is kept of them."""

import hashlib
import hmac
import secrets

ROW_MAX = 2**31 - 1  # what an integer column of either database holds


def token() -> str:
    """Return a new unguessable token of 256 bits, safe in addresses and cookies."""
    return secrets.token_urlsafe(32)


def digest(secret_token: str) -> str:
    """Return what the database keeps of a token, so that a leaked table opens nothing."""
    return hashlib.sha256(secret_token.encode()).hexdigest()


def keyed_digest(value: str, key: str) -> str:
    """Return a digest of a guessable value that only the holder of `key` can test guesses on."""
    return hmac.new(key.encode(), value.encode(), hashlib.sha256).hexdigest()


def row_id(given: str) -> int | None:
    """Return the id that somebody's text names; None when it can be no row's."""
    known = given.isascii() and given.isdigit() and len(given) < 11
    return int(given) if known and 0 < int(given) <= ROW_MAX else None
