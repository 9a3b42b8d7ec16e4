"""Email addresses: optional, for a new password, and for notifications once confirmed."""

import re
import unicodedata

from forum.accounts.identity import handles
from forum.core import ids
from forum.core.errors import Invalid
from forum.core.translation import _

MAX_LENGTH = 254
# In a header these mean comments, names, lists and words in code: the mail would go elsewhere.
ODD = re.compile(r'[()<>\[\]:;,\\"]|=\?')
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
# Where a name has two full stops in a row, or begins or ends with one, it needs quotation marks.
ADDRESS = re.compile(rf"(?!\.)(?:[^@\s.]|\.(?![.@])){{1,64}}@(?:{_LABEL}\.)+{_LABEL}")
# Full stops of other keyboards, which are the same in a domain (RFC 3490).
_FULL_STOPS = str.maketrans("\u3002\uff0e\uff61", "...")


def checked(email: str) -> str | None:
    """Return an address as it is stored and found; None for an empty one. Raises Invalid."""
    address = plain(email)
    if not address:
        return None
    ordinary = not any(unicodedata.category(c)[0] in "CZ" for c in address)
    ordinary = ordinary and not ODD.search(address)
    name, _at, domain = address.rpartition("@")
    # Marks, as Hindi has them, are parts of letters; a number is no domain.
    bare = "".join(c for c in domain if unicodedata.category(c)[0] != "M")
    ordinary = ordinary and not bare.rpartition(".")[2].isdigit()
    ordinary = ordinary and bool(ADDRESS.fullmatch(f"{name}@{bare}"))
    if not ordinary or len(address.encode()) > MAX_LENGTH:
        raise Invalid(fields={"email": _("Enter an email address, such as name@example.com.")})
    return address


def plain(email: str) -> str:
    """Return an address without what people and keyboards type differently from time to time.

    Japanese keyboards write wide letters, an @ and full stops of their own.
    """
    given = email[: 4 * MAX_LENGTH].strip().translate(_FULL_STOPS)
    return unicodedata.normalize("NFKC", given).lower()


def mailbox(address: str) -> str:
    """Return an address without what its owner may add after a "+"."""
    name, _at, domain = address.rpartition("@")
    return f"{name.partition('+')[0]}@{domain}"


def digest(address: str) -> str:
    """Return a keyed digest of an address's mailbox, which says nothing without our key."""
    return ids.keyed_digest(f"email {mailbox(address)}", handles.secret())
