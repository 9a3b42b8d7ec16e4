"""Names in a text: who is meant by @name."""

import re
import unicodedata

from forum.core.letters import JOINERS, MARKS

# What a handle can be made of (accounts/handles.py), whether its marks are typed apart or not.
_PART = rf"\w{MARKS}{JOINERS}-"
_BETWEEN = "\N{TIBETAN MARK INTERSYLLABIC TSHEG}"
MENTION = re.compile(
    rf"(?<![\w{MARKS}@/.:-])@([^\W_][{_BETWEEN}{_PART}]{{0,88}}[\w{MARKS}])(?![{_PART}])"
)


def mentioned(body: str) -> set[str]:
    """Return what follows each @ in a text, folded: the handles that it may be naming."""
    return set(map(folded, MENTION.findall(body))) if "@" in body else set()


def folded(name: str) -> str:
    """Return a handle as names in texts are compared: without case, its marks not apart."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def renamed(body: str, name: str, new: str) -> str:
    """Return a text with `new` in place of @name (folded), however that is written."""
    name = folded(name)
    return MENTION.sub(lambda found: new if folded(found[1]) == name else found[0], body)
