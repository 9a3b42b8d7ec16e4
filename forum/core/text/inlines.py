"""What Markdown's signs inside a line become here, with addresses that are found in the words.

Entities (`&copy;`) stay as they are typed, and so does what `literal_signs` names. Whatever else is
taken away by a link is shown beside it.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, autolink
from markdown_it.token import Token

from forum.core.text import link_labels, links, literal_signs
from forum.core.text.alphabets.invisible import is_blank
from forum.core.text.backslash_escapes import read_backslash

# What a link's or picture's title said, which is shown beside it and calls nobody.
TITLE = "title"
# What Markdown puts a backslash before, also in the middle of an address.
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_WITH_ESCAPES = re.compile(r'[^\s<>"|^]{0,2000}')
_SIGNS_OF_ADDRESSES = frozenset("_*~")


def use_inlines(parser: MarkdownIt) -> None:
    """Have a parser read what is inside a line by the rules of this module."""
    parser.enable(["linkify", "strikethrough"]).disable(["entity", "html_inline"])
    parser.inline.ruler.at("emphasis", literal_signs.read_emphasis)
    parser.inline.ruler.at("escape", read_backslash)
    parser.inline.ruler.at("autolink", _in_angles)
    parser.inline.ruler.at("linkify", _web_address)
    parser.core.ruler.after("inline", "faces", literal_signs.show_faces)
    parser.core.ruler.at("linkify", _other_addresses)
    parser.core.ruler.after("linkify", "link_words", _keep_link_words)


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
    end, plain = _whole_address(state.src, host, state.posMax) if scheme else (host, "")
    if end == host:
        return False
    if state.src[end - 1] == "_" and state.src.endswith("_", 0, state.pos - len(scheme)):
        end, plain = end - 1, plain[:-1]  # both underscores are around it, not in it
    if not silent:
        state.pending = state.pending[: -len(scheme)]
        address = f"{scheme}://{plain}"
        for token in _link(address, state.md.normalizeLink(address)):
            state.push(token.type, token.tag, token.nesting).content = token.content
            state.tokens[-1].attrs = token.attrs
    state.pos = end
    return True


def _whole_address(text: str, host: int, most: int) -> tuple[int, str]:
    """Return where an address ends that begins at `host`, and how it is without backslashes."""
    end = links.web_address_end(text, host, most)
    if not _ESCAPE.match(text, end, most):
        return end, text[host:end]
    typed = _WITH_ESCAPES.match(text, host, most)
    plain = _ESCAPE.sub(r"\1", typed[0]) if typed else ""
    plain = plain[: links.web_address_end(plain, 0, len(plain))]
    end = host
    for char in plain:
        end += 1 + (text[end] == "\\" and char != "\\")
    return end, plain


def _in_angles(state: StateInline, silent: bool) -> bool:
    """Link what is in < and >, but for what only looks like a mail address, or is in a link."""
    if state.linkLevel:
        return False
    end = state.src.find(">", state.pos, state.posMax)
    inside = state.src[state.pos + 1 : end] if end >= 0 else ""
    if "@" in inside and "//" not in inside and not links.is_mail_address(inside):
        return False
    return autolink(state, silent)


def _other_addresses(state: StateCore) -> None:
    """Link addresses that begin otherwise, in what is text and not a link already."""
    if not state.md.options.linkify:
        return
    for block in state.tokens:
        depth = 0
        children: list[Token] = []
        for token in _with_plain_signs(block.children or []):
            depth += token.nesting if token.type in {"link_open", "link_close"} else 0
            children += _linked(token, state.md) if token.type == "text" and not depth else [token]
        if block.children:
            block.children = children


def _with_plain_signs(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield tokens, with signs that a backslash made plain in the words around them."""
    words: Token | None = None
    for token in tokens:
        is_sign = token.type == "text_special" and token.content in _SIGNS_OF_ADDRESSES
        if words and (is_sign or token.type == "text"):
            words.content += token.content
            continue
        if words:
            yield words
        words = token if token.type == "text" else None
        if not words:
            yield token
    if words:
        yield words


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
        elif token.type == "image":
            yield from _title_of(token)
    yield from link


def _whole(link: Sequence[Token]) -> Iterator[Token]:
    opening, *words, closing = link
    pictures = [word for word in words if word.type == "image"]
    words = [_label_of(word) if word.type == "image" else word for word in words]
    yield from _with_true_words(opening, words, closing)
    yield from _title_of(opening)
    for picture in pictures:  # a link cannot be in a link
        yield _beside(" (")
        yield from _link(str(picture.attrs["src"]), str(picture.attrs["src"]))
        yield _beside(")")
        yield from _title_of(picture)


def _with_true_words(opening: Token, words: Sequence[Token], closing: Token) -> Iterator[Token]:
    """Yield a link whose words are no address of another site."""
    label, href = "".join(word.content for word in words), str(opening.attrs["href"])
    if link_labels.names_another_site(label, href):
        yield from words
        yield _beside(" (")
        yield from _link(href, href)
        yield _beside(")")
        return
    yield opening
    if link_labels.looks_like_another_site(label, href):
        words = []
    yield from words
    if is_blank(label) or not words:
        yield Token("text", "", 0, content=href)
    yield closing


def _label_of(picture: Token) -> Token:
    label = "".join(part.content for part in picture.children or [])
    return Token("text", "", 0, content=label)


def _title_of(token: Token) -> Iterator[Token]:
    if title := token.attrs.pop("title", ""):
        yield _beside(f" ({title})")


def _beside(words: str) -> Token:
    return Token("text", "", 0, content=words, meta={TITLE: True})
