"""Which way the words of a text run, for texts with letters that are written from right to left.

A paragraph follows its first letter (`dir="auto"`). Browsers pass over what has a direction of its
own when they look for the first letter of what is around it, so lists and quotations get it here.
"""

import re
import unicodedata
from collections.abc import Iterable

from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup, escape

# The blocks in which Unicode keeps letters that run from right to left.
_FROM_RIGHT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_DIRECTIONS = {"L": "ltr", "R": "rtl", "AL": "rtl"}
_PARAGRAPHS = {"paragraph_open", "heading_open"}
_AROUND = {"blockquote_open", "bullet_list_open", "ordered_list_open"}


def isolated(words: str | None) -> Markup:
    """Return words escaped for a sentence, whose order they must not turn; nothing for None."""
    if words and (_FROM_RIGHT.search(words) or _TURNING.search(words)):
        return Markup("<bdi>{}</bdi>").format(words)
    return escape(words or "")


def isolated_text(words: str | None) -> str:
    """Return words for a title or a choice, where there are no tags, between marks of Unicode."""
    if words and (_FROM_RIGHT.search(words) or _TURNING.search(words)):
        return f"\N{FIRST STRONG ISOLATE}{words}\N{POP DIRECTIONAL ISOLATE}"
    return words or ""


def mark_direction(state: StateCore) -> None:
    """Give every block its direction, if any of the text runs from right to left."""
    if _FROM_RIGHT.search(state.src):
        _mark(state.tokens)


def _mark(tokens: Iterable[Token]) -> None:
    undecided: list[Token] = []
    for token in tokens:
        if token.type in _PARAGRAPHS:
            token.attrSet("dir", "auto")
        elif token.type in _AROUND:
            undecided.append(token)
        elif token.content and undecided and (direction := _first_direction(token.content)):
            for around in undecided:
                around.attrSet("dir", direction)
            undecided.clear()


def _first_direction(text: str) -> str:
    found = (_DIRECTIONS.get(unicodedata.bidirectional(char)) for char in text)
    return next(filter(None, found), "")
