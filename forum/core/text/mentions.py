"""Names in a text: who is meant by @name."""

import re

MENTION = re.compile(r"(?<![\w@/.:-])@([^\W_](?:[\w-]{1,28})[^\W])(?![\w-])")


def mentioned(body: str) -> set[str]:
    """Return what follows each @ in a text, folded: the handles that it may be naming."""
    return {match.casefold() for match in MENTION.findall(body)} if "@" in body else set()


def renamed(body: str, name: str, new: str) -> str:
    """Return a text with `new` in place of @name (folded), however that is written."""
    return MENTION.sub(lambda found: new if found[1].casefold() == name else found[0], body)
