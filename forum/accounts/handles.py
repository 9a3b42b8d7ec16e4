"""Handles."""

import unicodedata


def fold(handle: str) -> str:
    """Return what look-alike handles have in common."""
    return unicodedata.normalize("NFKC", handle).casefold()
