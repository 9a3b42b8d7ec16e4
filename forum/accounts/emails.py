"""E-mail addresses: optional, used for nothing but a new password."""

import re
import unicodedata

from forum.core.errors import Invalid

MOST = 254
ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def checked(email: str) -> str | None:
    """Return an address as it is stored and found; None for an empty one. Raises Invalid."""
    address = plain(email)
    if not address:
        return None
    ordinary = not any(unicodedata.category(c)[0] in "CZ" for c in address)
    if len(address) > MOST or not ordinary or not ADDRESS.fullmatch(address):
        raise Invalid(fields={"email": "This does not look like an e-mail address."})
    return address


def plain(email: str) -> str:
    """Return an address without what people type differently from time to time."""
    return unicodedata.normalize("NFC", email[: 4 * MOST].strip()).lower()
