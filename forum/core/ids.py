"""Ids of rows, random tokens, and their digests."""

import hashlib
import hmac
import secrets

ROW_MAX = 2**31 - 1  # what an integer column of either database holds


def token() -> str:
    """Return a new unguessable token of 256 bits, safe in addresses and cookies."""
    return secrets.token_urlsafe(32)


def public_id() -> str:
    """Return a new random id of 64 bits for something that people may name, and nobody guess."""
    return secrets.token_hex(8)


def digest(secret_token: str) -> str:
    """Return a token's digest: the database has no more, so a leaked table opens nothing."""
    return hashlib.sha256(secret_token.encode()).hexdigest()


def keyed_digest(value: str, key: str) -> str:
    """Return a digest of a guessable value that only the holder of `key` can test guesses on."""
    return hmac.digest(key.encode(), value.encode(), "sha256").hex()


def number(given: str, most: int = 999_999_999) -> int | None:
    """Return the number from 0 to `most` that a text is, in plain digits; None for any other."""
    plain = given.isascii() and given.isdigit() and len(given) <= len(str(most))
    return int(given) if plain and int(given) <= most else None


def row_id(given: str) -> int | None:
    """Return the id that somebody's text names; None when it can be no row's."""
    return number(given, ROW_MAX) or None
