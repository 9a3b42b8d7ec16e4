"""Quotations: whose words they are, and how they are left out for who must not meet that person.

A quotation begins with a name, as the button for quoting writes it: "> @wrenhouse wrote:".
"""

import re
from collections.abc import Iterator, Set
from html import unescape

from markdown_it.rules_core import StateCore

from forum.core.text.mentions import MENTION, folded

AUTHOR = "data-quoted"
_MARK = re.compile(r"<blockquote(?P<attributes>[^>]*)>|</blockquote>")
_EMPHASIS = "*_~"  # the name may be bold
_WHOSE = re.compile(rf'{AUTHOR}="([^"]*)"')
_LEFT_OUT = '<blockquote class="quotation-left-out"><p>A quotation is not shown.</p></blockquote>'


def mark_quotations(state: StateCore) -> None:
    """Note at each quotation that begins with a name whose words they are."""
    for at, token in enumerate(state.tokens[:-2]):
        begins = state.tokens[at + 1].type == "paragraph_open"
        if token.type == "blockquote_open" and begins:
            named = MENTION.match(state.tokens[at + 2].content.lstrip(_EMPHASIS))
            if named:
                token.attrSet(AUTHOR, folded(named[1]))


def quotes_somebody(html: str) -> bool:
    """Whether rendered HTML has a quotation in it that says whose words it holds."""
    return f" {AUTHOR}=" in html


def quoted_names(html: str) -> set[str]:
    """Return the (folded) names of those whose words quotations in rendered HTML hold."""
    if not quotes_somebody(html):
        return set()
    return {_author_of(mark["attributes"] or "") for mark in _MARK.finditer(html)} - {""}


def without_quotations_of(html: str, names: Set[str]) -> str:
    """Return rendered HTML without the quotations of people who go by these (folded) names."""
    return "".join(_kept(html, names)) if names and quotes_somebody(html) else html


def _kept(html: str, names: Set[str]) -> Iterator[str]:
    depth = end = 0
    for mark in _MARK.finditer(html):
        opens = mark["attributes"] is not None
        if depth:
            depth += 1 if opens else -1
            end = mark.end()
        elif opens and _author_of(mark["attributes"]) in names:
            yield html[end : mark.start()]
            yield _LEFT_OUT
            depth = 1
    yield html[end:]


def _author_of(attributes: str) -> str:
    whose = _WHOSE.search(attributes)
    return unescape(whose[1]) if whose else ""
