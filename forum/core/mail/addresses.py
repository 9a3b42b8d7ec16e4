"""Addresses as mail has them: one sender, and domains in letters that every server knows."""

import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import urlsplit

from forum.settings.values import BadSettings


def check_sender(sender: str) -> None:
    """Raise BadSettings if no mail could be sent from there."""
    message = EmailMessage()
    try:
        message["From"] = sender
        one = [address for address in message["From"].addresses if "@" in address.addr_spec]
    except (IndexError, AttributeError, ValueError):  # what the library makes of nonsense
        one = []
    if len(one) != 1 or not one[0].username or message["From"].defects:
        raise BadSettings(
            "FORUM_MAIL_FROM must be one address, such as Common Thread <forum@example.org>."
        )


def parsed_sender(sender: str) -> Address:
    """Return a sender that was checked, with a domain that every server knows."""
    message = EmailMessage()
    message["From"] = sender
    found = message["From"].addresses[0]
    return Address(found.display_name, found.username, as_ascii(found.domain or "localhost"))


def with_ascii_domain(address: str) -> str:
    """Return an address whose domain every server knows; a name may have any letters."""
    name, _, host = address.rpartition("@")
    return f"{name}@{as_ascii(host)}"


def ascii_origin(origin: str) -> str:
    """Return the address of a forum, such as https://münchen.example, as every header holds it."""
    host = urlsplit(origin).hostname or ""
    return origin if origin.isascii() else origin.lower().replace(host, as_ascii(host))


def as_ascii(domain: str) -> str:
    """Return a domain as every mail server knows it: münchen.example with Punycode (RFC 5891)."""
    labels = unicodedata.normalize("NFC", domain.lower()).split(".")
    coded = (f"xn--{one.encode('punycode').decode()}" for one in labels)
    return ".".join(one if one.isascii() else code for one, code in zip(labels, coded, strict=True))
