"""People's words turned into safe HTML. The only sanitiser.

Markdown is parsed without raw HTML, cleaned by bleach as if it had come from an enemy, and every
address is then checked here, because bleach takes the digits of `javascript:123` for a port.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from bleach.html5lib_shim import Filter  # type: ignore[attr-defined]
from bleach.sanitizer import Cleaner
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from forum.core.text import complexity_limits
from forum.core.text.alphabets.direction import mark_direction
from forum.core.text.alphabets.invisible import is_blank
from forum.core.text.blocks import use_blocks
from forum.core.text.inlines import use_inlines
from forum.core.text.mentions import link_mentions
from forum.core.text.quotations import AUTHOR, mark_quotations

RENDERER_VERSION = 9
SCHEMES = {"http", "https", "mailto"}
LINKS_MAX, BRACKETS_MAX = 200, 1_000
# No address is without one of these; to look for addresses takes a third of the time of parsing.
_MAY_HOLD_ADDRESS = re.compile(r"[.:@/&]\S")
REL = "nofollow ugc noopener noreferrer"
TAGS = {
    "a",
    "blockquote",
    "br",
    "code",
    "em",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "strong",
    "ul",
}
_TAG = re.compile("<[^<>]*>")
_OWN_LINK = re.compile(r"/members/@[\w.~%-]+")


def render(body: str, *, mentions: bool = False) -> str:
    """Return safe HTML for Markdown; with `mentions`, the names that it calls are links.

    Every word of the text is shown, and of a text of signs alone what was typed. What nobody would
    write by hand costs no more than what people do: with more than `LINKS_MAX` places that look
    like addresses or `BRACKETS_MAX` brackets nothing is linked, and a text with too many signs to
    be read quickly (see `cost`) is shown as it was typed.
    """
    if complexity_limits.is_too_long_to_read(body, LINKS_MAX):
        return f"<pre>{escape(body)}</pre>"
    html = _html(body, mentions=mentions)
    with _cleaning:
        cleaned: str = _cleaner.clean(html)
    return cleaned


def _html(body: str, *, mentions: bool) -> str:
    html: str = _reader_of(body).render(body, {"mentions": mentions, "called": set()})
    if _shows_nothing(html, body):
        return f"<p>{escape(body)}</p>".replace("\n", "<br>")
    return html


def called(body: str) -> set[str]:
    """Return the handles that a text calls, folded: those after an @ that are meant to be told."""
    env: dict[str, Any] = {"mentions": False, "called": set()}
    if "@" in body and not complexity_limits.is_too_long_to_read(body, LINKS_MAX):
        _reader_of(body).parse(body, env)
    names: set[str] = env["called"]
    return names


def _shows_nothing(html: str, body: str) -> bool:
    # Rendering loses no letter, so only texts of signs have to be looked at.
    if any(char.isalpha() and not is_blank(char) for char in body) or is_blank(body):
        return False
    return is_blank(unescape(_TAG.sub("", html)))


def _reader_of(body: str) -> MarkdownIt:
    many = complexity_limits.count_links(body) > LINKS_MAX or body.count("[") > BRACKETS_MAX
    return _markdown if not many and _MAY_HOLD_ADDRESS.search(body) else _unlinked


class _SafeLinks(Filter):  # type: ignore[misc]
    """Drops every address that is not plainly a web page, a mail address or a member's page."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for token in super().__iter__():
            if token["type"] in {"StartTag", "EmptyTag"} and token["name"] == "a":
                href = token["data"].pop((None, "href"), "")
                if _OWN_LINK.fullmatch(href):
                    token["data"][(None, "href")] = href
                elif _safe(href):
                    token["data"][(None, "href")] = href
                    token["data"][(None, "rel")] = REL
            yield token


def _safe(href: str) -> bool:
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    # A name before the host, as in https://example.org@elsewhere, hides where the link leads.
    named = bool(parts.netloc) and "@" not in parts.netloc
    return parts.scheme in SCHEMES and (named or parts.scheme == "mailto")


def _image_as_link(
    self: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any
) -> str:
    image = tokens[index]
    label = self.renderInlineAsText(image.children or [], options, env)
    label = str(image.attrs["src"]) if is_blank(label) else label
    link = Token("link_open", "a", 1, attrs={"href": image.attrs["src"]})
    text = Token("text", "", 0, content=label)
    return self.renderInline([link, text, Token("link_close", "a", -1)], options, env)


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            # A page has its own first and second headings; a post's begin below them.
            token.tag = f"h{min(int(token.tag[1:]) + 2, 6)}"


class _Parser(MarkdownIt):
    def __init__(self, *, linkify: bool) -> None:
        super().__init__("commonmark", {"html": False, "linkify": linkify, "breaks": True})
        use_blocks(self)
        use_inlines(self)
        if not linkify:
            self.disable(["link", "image", "autolink"])
        self.core.ruler.before("text_join", "mentions", link_mentions)
        self.core.ruler.push("quotations", mark_quotations)
        self.core.ruler.push("lower_headings", _lower_headings)
        self.core.ruler.push("direction", mark_direction)
        self.add_render_rule("image", _image_as_link)

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """Take for a link only what may be one; anything else stays the words that it is."""
        return _safe(url)


_markdown, _unlinked = _Parser(linkify=True), _Parser(linkify=False)
_cleaning = Lock()  # bleach cleans one text at a time; two would be mixed
_cleaner = Cleaner(
    tags=TAGS,
    attributes={
        **{tag: ["dir"] for tag in ("p", "h3", "h4", "h5", "h6", "ul")},
        "a": ["href"],
        "blockquote": ["dir", AUTHOR],
        "ol": ["start", "dir"],
        "li": ["value"],
    },
    protocols=SCHEMES,
    strip=True,
    filters=[_SafeLinks],
)
