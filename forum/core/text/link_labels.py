"""Whether the words of a link say truly which site it leads to."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from confusable_homoglyphs import confusables

from forum.core.text import links

_WEB = re.compile(r"https?://")


def names_another_site(label: str, href: str) -> bool:
    """Whether a label holds addresses, and none of them is of the site that the link leads to."""
    named, site = set(_sites_in(label)), _site(href)
    return bool(named) and not any(site == one or site.endswith(f".{one}") for one in named)


def looks_like_another_site(label: str, href: str) -> bool:
    """Whether a label's address has letters that are taken for Latin ones in a Latin name."""
    *names, end = _site(href).split(".")
    looks = end.isascii() and any(not name.isascii() and _looks_latin(name) for name in names)
    return looks and not label.isascii() and bool(list(_sites_in(label)))


def _sites_in(label: str) -> Iterator[str]:
    for found in _WEB.finditer(label):
        end = links.web_address_end(label, found.end(), len(label))
        yield from filter(None, [_site(label[found.start() : end])])
    for address in links.found_in(label):
        yield from filter(None, [_site(address.href)])


def _site(address: str) -> str:
    """Return the host of an address in letters; "" for none."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or parts.path.rpartition("@")[2].partition("?")[0]
    except ValueError:
        return ""
    names = (_in_letters(name) for name in host.lower().removeprefix("www.").split("."))
    return unicodedata.normalize("NFC", ".".join(names))


def _in_letters(name: str) -> str:
    """Return a part of a host as people write it (RFC 3492)."""
    try:
        return name[4:].encode("ascii").decode("punycode") if name.startswith("xn--") else name
    except ValueError:
        return name


def _looks_latin(name: str) -> bool:
    return all(char.isascii() or _is_taken_for_latin(char) for char in name)


@lru_cache(maxsize=10_000)
def _is_taken_for_latin(char: str) -> bool:
    alike = confusables.confusables_data.get(char, ())
    return any(other["c"].isascii() for other in alike)
