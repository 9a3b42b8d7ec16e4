"""What Markdown's signs inside a line become here, with addresses that are found in the words.

Entities (`&copy;`) and two underscores (`__init__`) stay as they are typed, and so does a star
between digits. Whatever else is taken away by a link is shown beside it.
"""

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, emphasis
from markdown_it.token import Token

from forum.core.text import links
from forum.core.text.invisible import is_blank

_emphasis = emphasis.tokenize


def use_inlines(parser: MarkdownIt) -> None:
    """Have a parser read what is inside a line by the rules of this module."""
    parser.enable(["linkify", "strikethrough"]).disable(["entity", "html_inline"])
    parser.inline.ruler.at("emphasis", _sparing_emphasis)
    parser.inline.ruler.at("linkify", _web_address)
    parser.core.ruler.at("linkify", _other_addresses)
    parser.core.ruler.after("linkify", "link_words", _keep_link_words)


def _sparing_emphasis(state: StateInline, silent: bool) -> bool:
    """Leave __init__ and 2*3*4 as they are."""
    marker = state.src[state.pos]
    if silent or marker not in "_*":
        return False
    end = state.pos
    while end < state.posMax and state.src[end] == marker:
        end += 1
    among_digits = (
        state.src[state.pos - 1 : state.pos].isdigit() and state.src[end : end + 1].isdigit()
    )
    if among_digits or (marker == "_" and end - state.pos > 1):
        state.pending += state.src[state.pos : end]
        state.pos = end
        return True
    return _emphasis(state, silent)


def _web_address(state: StateInline, silent: bool) -> bool:
    """Link an address that begins with http:// or https://, where its colon is reached."""
    host = state.pos + len("://")
    if (
        state.linkLevel
        or not state.md.options.linkify
        or not state.src.startswith("://", state.pos)
    ):
        return False
    scheme = links.scheme_before(state.pending)
    end = links.web_address_end(state.src, host, state.posMax) if scheme else host
    if end == host:
        return False
    if state.src[end - 1] == "_" and state.src.endswith("_", 0, state.pos - len(scheme)):
        end -= 1  # both underscores stand around the address, not in it
    if not silent:
        state.pending = state.pending[: -len(scheme)]
        address = state.src[state.pos - len(scheme) : end]
        for token in _link(address, state.md.normalizeLink(address)):
            state.push(token.type, token.tag, token.nesting).content = token.content
            state.tokens[-1].attrs = token.attrs
    state.pos = end
    return True


def _other_addresses(state: StateCore) -> None:
    """Link addresses that begin otherwise, in what is text and not a link already."""
    if not state.md.options.linkify:
        return
    for block in state.tokens:
        depth = 0
        children: list[Token] = []
        for token in block.children or []:
            depth += token.nesting if token.type in {"link_open", "link_close"} else 0
            children += _linked(token, state.md) if token.type == "text" and not depth else [token]
        if block.children:
            block.children = children


def _linked(token: Token, parser: MarkdownIt) -> Iterator[Token]:
    end = 0
    for address in links.found_in(token.content):
        words = token.content[address.start : address.end]
        yield Token("text", "", 0, content=token.content[end : address.start])
        yield from _link(words, parser.normalizeLink(address.href))
        end = address.end
    yield Token("text", "", 0, content=token.content[end:]) if end else token


def _link(words: str, href: str) -> list[Token]:
    return [
        Token("link_open", "a", 1, attrs={"href": href}),
        Token("text", "", 0, content=words),
        Token("link_close", "a", -1),
    ]


def _keep_link_words(state: StateCore) -> None:
    """Show the address of a link that has no words, and the title of one that has."""
    for block in state.tokens:
        if block.children:
            block.children = list(_with_words(block.children))


def _with_words(tokens: Sequence[Token]) -> Iterator[Token]:
    link: list[Token] = []
    for token in tokens:
        if link or token.type == "link_open":
            link.append(token)
        else:
            yield token
        if token.type == "link_close":
            yield from _whole(link)
            link = []
        elif token.type == "image" and (title := token.attrs.pop("title", "")):
            yield Token("text", "", 0, content=f" ({title})")
    yield from link


def _whole(link: Sequence[Token]) -> Iterator[Token]:
    opening, *words, closing = link
    title = opening.attrs.pop("title", "")
    yield opening
    yield from words
    if is_blank("".join(word.content for word in words)):
        yield Token("text", "", 0, content=str(opening.attrs["href"]))
    yield closing
    if title:
        yield Token("text", "", 0, content=f" ({title})")
