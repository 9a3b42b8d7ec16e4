"""E-mail addresses: optional, used for nothing but a new password."""

import re
import unicodedata

from forum.accounts.identity import handles
from forum.core import ids
from forum.core.errors import Invalid

MAX_LENGTH = 254
# In a header these mean comments, names, lists and words in code: the mail would go elsewhere.
ODD = re.compile(r'[()<>\[\]:;,\\"]|=\?')
ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def checked(email: str) -> str | None:
    """Return an address as it is stored and found; None for an empty one. Raises Invalid."""
    address = plain(email)
    if not address:
        return None
    ordinary = not any(unicodedata.category(c)[0] in "CZ" for c in address)
    ordinary = ordinary and not ODD.search(address)
    if len(address) > MAX_LENGTH or not ordinary or not ADDRESS.fullmatch(address):
        raise Invalid(fields={"email": "This does not look like an e-mail address."})
    return address


def plain(email: str) -> str:
    """Return an address without what people type differently from time to time."""
    return unicodedata.normalize("NFC", email[: 4 * MAX_LENGTH].strip()).lower()


def mailbox(address: str) -> str:
    """Return an address without what its owner may add after a "+"."""
    name, domain = address.rsplit("@", 1)
    return f"{name.partition('+')[0]}@{domain}"


def digest(address: str) -> str:
    """Return a keyed digest of an address's mailbox, which says nothing without our key."""
    return ids.keyed_digest(f"email {mailbox(address)}", handles.secret())
