"""How long it takes to read a text as Markdown, estimated by its signs before anything is read.

While one text is read nobody else is answered, so what would take much longer than the longest
thing that people write is shown as it was typed.
"""

import re

# Microseconds on a small server, measured; reading, rendering and cleaning together.
MOST = 34_000
_CHARACTER, _LINE, _BLOCK, _MARK, _CODE, _ESCAPED = 0.12, 30, 45, 30, 20, 9
_LINK, _NAME = 105, 70
_BLOCKS = re.compile(r"^[ \t>*#0-9.-]{1,80}", re.MULTILINE)
_MARKS = re.compile(r"[*_]+|~~+")
_BOLD = len("**")  # a longer run stands for two marks
_SIGNS_OF_LINKS = ("//", "www.")


def is_too_long_to_read(body: str, links_most: int) -> bool:
    """Whether a text would take longer than `MOST`; beyond so many links none is made."""
    return _estimated(body, links_most) > MOST


def count_links(body: str) -> int:
    """Return how many addresses and names a text may hold."""
    return sum(map(body.count, (*_SIGNS_OF_LINKS, "@")))


def _estimated(body: str, links_most: int) -> float:
    blocks = sum(len(signs.replace(">", " > ").split()) for signs in _BLOCKS.findall(body))
    names = body.count("@")
    links = count_links(body) - names
    return (
        len(body) * _CHARACTER
        + body.count("\n") * _LINE
        + blocks * _BLOCK
        + sum(1 + (len(run) > _BOLD) for run in _MARKS.findall(body)) * _MARK
        + body.count("`") * _CODE
        + sum(map(body.count, '"<>&\\')) * _ESCAPED
        + (links if links + names <= links_most else 0) * _LINK
        + names * _NAME
    )
