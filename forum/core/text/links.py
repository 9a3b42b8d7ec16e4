"""Which words of a plain text are addresses, and where each ends. One pass, no backtracking.

An address begins with https://, http:// or www., or it is a mail address, or it ends as the name of
a site nearly always does (`DOMAINS`). A full stop without a space after it makes no address: what
people write in a hurry must not lead to the owner of late.it.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from forum.core.text.alphabets import invisible
from forum.core.text.alphabets.letters import MARKS

# Ends of a bare name (example.org, samaritans.org.uk) that are not words of any sentence.
DOMAINS = frozenset({"com", "edu", "gov", "net", "org", "uk"})
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "govt", "net", "nhs", "org"})
# Ends of mail addresses beside those of countries, which have two letters.
_MAIL_DOMAINS = DOMAINS | {"biz", "email", "info", "int", "mil", "ngo", "online"}

_SCHEME = re.compile(r"(?i)(?<![a-z0-9.+-])https?$")
_WORD = re.compile(rf"[\w{MARKS}@.+-]+")
_HOST = re.compile(rf"[\w{MARKS}.-]+")
_PORT = re.compile(r":([0-9]+)")
PORT_MAX = 65_535
# Full stops that stand in a host where somebody's keyboard or program has put them for one.
_OTHER_STOPS = frozenset("\u3002\uff0e\uff61")
_LABEL = re.compile(rf"[^\W_](?:[\w{MARKS}-]{{0,61}}(?:[^\W_]|[{MARKS}]))?")
_HIRAGANA = re.compile("[\u3041-\u309f]")
_LATIN_TAIL = re.compile(r"(?<=\.)[a-zA-Z]+(?=[^\x00-\x7f])")
_LOCAL = re.compile(r"(?<![a-zA-Z0-9_.+-])[a-zA-Z0-9][a-zA-Z0-9_.+-]{0,63}$")
_PASSWORD = re.compile(r"(?::[^\s/@]{0,64})?@")
_NO_ADDRESS_AFTER = frozenset("/\\:=#&?%$~@._-+")
_ENDS = frozenset(' <>"`\\|^\x7f')
_NOT_LAST = frozenset(".,;:!?'*~([{")
_BRACKETS = {")": "(", "]": "[", "}": "{"}
# Signs that join letters of other alphabets inside one word.
_JOINING = frozenset("\u200c\u200d\u00b7\u05be\u05f3\u05f4\u30fb")


@dataclass(frozen=True)
class Address:
    """An address in a text: where it is, and where it leads."""

    start: int
    end: int
    href: str


def scheme_before(text: str) -> str:
    """Return the http or https that a text ends with; empty when it ends with neither."""
    found = _SCHEME.search(text, max(0, len(text) - 6))
    return found[0] if found else ""


def web_address_end(text: str, host: int, most: int) -> int:
    """Return where an address ends whose host begins at `host`; `host` when there is none.

    Nothing from `most` on is looked at.
    """
    end = _host_end(text, host, most)
    if end == host or _is_broken(text, host, end) or _PASSWORD.match(text, end, most):
        return host  # a name and password before the host hide where the link leads
    if port := _PORT.match(text, end, most):
        if len(port[1]) > 5 or not 0 < int(port[1]) <= PORT_MAX:
            return host
        end = port.end()
    return _path_end(text, end, most) if text[end : end + 1] in {"/", "?", "#"} else end


def found_in(text: str) -> Iterator[Address]:
    """Yield the addresses in a text that do not begin with http, in their order."""
    end = 0
    for word in _WORD.finditer(text):
        if word.start() < end or not ("." in word[0] or "@" in word[0]):
            continue
        before = text[word.start() - 1 : word.start()] if word.start() else ""
        address = _address(text, word, before)
        if address:
            end = address.end
            yield address


def is_mail_address(text: str) -> bool:
    """Whether a text without spaces is a mail address, with or without mailto: before it."""
    local, _, host = text.removeprefix("mailto:").rpartition("@")
    return bool(local) and _takes_mail(host)


def _address(text: str, word: re.Match[str], before: str) -> Address | None:
    if "@" in word[0]:
        return _mail_address(text, word, before)
    host_end = _host_end(text, word.start(), word.end())
    if before in _NO_ADDRESS_AFTER or not _is_site(text[word.start() : host_end]):
        return None
    end = web_address_end(text, word.start(), len(text))
    if end == word.start() or _continues(text, end=word.start()):
        return None
    return Address(word.start(), end, f"http://{text[word.start() : end]}")


def _mail_address(text: str, word: re.Match[str], before: str) -> Address | None:
    at = text.index("@", word.start())
    local = _LOCAL.search(text, max(word.start(), at - 64), at)
    end = _host_end(text, at + 1, word.end())
    if not local or text.startswith("@", end) or not _takes_mail(text[at + 1 : end]):
        return None
    if local.start() == word.start() and before in _NO_ADDRESS_AFTER:
        # Behind a colon, as in mailto:, unless that is one of an address that is no link itself.
        whole = text[max(0, word.start() - 80) : word.start()].rsplit(maxsplit=1)
        if before != ":" or "//" in whole[-1]:
            return None
    return Address(local.start(), end, f"mailto:{text[local.start() : end]}")


def _is_broken(text: str, host: int, end: int) -> bool:
    """Whether a host goes on behind its end, after what a program or a keyboard has put in it."""
    if text[end : end + 1] in _OTHER_STOPS:
        return "." not in text[host:end] and _is_plain(text[end + 1 : end + 2])
    return _is_unseen(text[end : end + 1]) and _is_plain(text[end + 1 : end + 2])


def _continues(text: str, *, end: int) -> bool:
    """Whether what ends there is the first part of a broken word, as with a soft hyphen."""
    return _is_unseen(text[max(end - 1, 0) : end]) and _is_plain(text[max(end - 2, 0) : end - 1])


def _is_unseen(char: str) -> bool:
    return char > "\x7f" and invisible.is_blank(char) and not char.isspace()


def _is_plain(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _labels(host: str) -> list[str]:
    labels = host.split(".")
    return labels if len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) else []


def _is_site(host: str) -> bool:
    labels = _labels(host)
    if not labels or not any(map(str.isalpha, labels[-2])):
        return False
    if labels[0].casefold() == "www":
        return len(labels) > 2 and labels[-1].isalpha() and len(labels[-1]) > 1
    if labels[-1] in DOMAINS:
        return len(labels[-2]) > 1
    return len(labels) > 2 and labels[-2] in _SECOND_LEVEL and _is_country(labels[-1])


def _takes_mail(host: str) -> bool:
    labels = _labels(host.lower() if host.isupper() else host)
    if not labels or not any(map(str.isalpha, labels[-2])):
        return False
    return labels[-1] in _MAIL_DOMAINS or _is_country(labels[-1])


def _is_country(label: str) -> bool:
    return len(label) == 2 and label.isascii() and label.islower() and label.isalpha()


def _host_end(text: str, start: int, most: int) -> int:
    host = _HOST.match(text, start, most)
    if not host or not host[0][0].isalnum():
        return start
    # Where no space follows, as in Japanese, the sentence goes on right behind the last label.
    last = host[0].rfind(".")
    tail = _LATIN_TAIL.match(host[0], last + 1) if last >= 0 else None
    end = start + tail.end() if tail else host.end()
    while text[end - 1] in ".-_":
        end -= 1
    return end


def _path_end(text: str, start: int, most: int) -> int:
    open_brackets = dict.fromkeys(_BRACKETS.values(), 0)
    at = start
    while at < most and _may_stand(text, at):
        char = text[at]
        if char in open_brackets:
            open_brackets[char] += 1
        elif char in _BRACKETS:
            if not open_brackets[_BRACKETS[char]]:
                break
            open_brackets[_BRACKETS[char]] -= 1
        at += 1
    while at > start and text[at - 1] in _NOT_LAST:
        at -= 1
    return at


def _may_stand(text: str, at: int) -> bool:
    """Whether the character at this place can be one of an address."""
    char = text[at]
    if char.isascii():
        return char > " " and char not in _ENDS
    if _HIRAGANA.match(char) and text[at - 1].isascii() and text[at - 1].isalnum():
        return False  # a particle behind the address
    if unicodedata.category(char)[0] in "LMN":
        return True
    return char in _JOINING and _is_foreign(text, at - 1) and _is_foreign(text, at + 1)


def _is_foreign(text: str, at: int) -> bool:
    char = text[at : at + 1]
    return char > "\x7f" and unicodedata.category(char)[0] in "LM"
