"""People's words turned into safe HTML. The only sanitiser.

Markdown is parsed without raw HTML, cleaned by bleach as if it had come from an enemy, and every
address is then checked here, because bleach takes the digits of `javascript:123` for a port.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from bleach.html5lib_shim import Filter  # type: ignore[attr-defined]
from bleach.sanitizer import Cleaner
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from forum.core.text.mentions import MENTION, folded

RENDERER_VERSION = 1
SCHEMES = {"http", "https", "mailto"}
LINKS_MAX = 200
LINK_SIGNS = ("//", "@", "www.")
# No address is without one of these; to look for addresses takes a third of the time of parsing.
_MAY_HOLD_ADDRESS = re.compile(r"[.:@/&]\S")
REL = "nofollow ugc noopener noreferrer"
TAGS = {
    "a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "s", "strong", "ul",
}  # fmt: skip
_OWN_LINK = re.compile(r"/members/\d+")


def render(body: str, mentions: Mapping[str, int] | None = None) -> str:
    """Return safe HTML for Markdown. `mentions` maps folded handles to account ids.

    A text with more than `LINKS_MAX` places that look like addresses gets none of them linked,
    since the search for them would take seconds.
    """
    many = sum(map(body.count, LINK_SIGNS)) > LINKS_MAX
    linked = not many and _MAY_HOLD_ADDRESS.search(body)
    html: str = (_markdown if linked else _unlinked).render(body, {"mentions": mentions or {}})
    cleaned: str = _cleaner.clean(html)
    return cleaned


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
    return parts.scheme in SCHEMES and bool(parts.netloc or parts.scheme == "mailto")


def _image_as_link(
    self: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any
) -> str:
    image = tokens[index]
    label = self.renderInlineAsText(image.children or [], options, env) or image.attrs["src"]
    link = Token("link_open", "a", 1, attrs={"href": image.attrs["src"]})
    text = Token("text", "", 0, content=str(label))
    return self.renderInline([link, text, Token("link_close", "a", -1)], options, env)


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            # A page has its own first and second headings; a post's begin below them.
            token.tag = f"h{min(int(token.tag[1:]) + 2, 6)}"


def _link_mentions(state: StateCore) -> None:
    mentions: Mapping[str, int] = state.env.get("mentions", {})
    if not mentions:
        return
    for block in state.tokens:
        depth = 0
        children: list[Token] = []
        for token in block.children or []:
            depth += token.nesting if token.type in {"link_open", "link_close"} else 0
            linked = token.type == "text" and depth == 0
            children += _split_mentions(token, mentions) if linked else [token]
        if block.children:
            block.children = children


def _split_mentions(token: Token, mentions: Mapping[str, int]) -> Iterator[Token]:
    end = 0
    for match in MENTION.finditer(token.content):
        account = mentions.get(folded(match[1]))
        if account is not None:
            yield Token("text", "", 0, content=token.content[end : match.start()])
            yield Token("link_open", "a", 1, attrs={"href": f"/members/{account}"})
            yield Token("text", "", 0, content=match[0])
            yield Token("link_close", "a", -1)
            end = match.end()
    yield Token("text", "", 0, content=token.content[end:])


def _parser(*, linkify: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": linkify, "breaks": True})
    parser.enable(["linkify", "strikethrough"]).disable(["html_block", "html_inline"])
    parser.core.ruler.push("lower_headings", _lower_headings)
    parser.core.ruler.push("mentions", _link_mentions)
    parser.add_render_rule("image", _image_as_link)
    return parser


_markdown, _unlinked = _parser(linkify=True), _parser(linkify=False)
_cleaner = Cleaner(
    tags=TAGS,
    attributes={"a": ["href"], "ol": ["start"]},
    protocols=SCHEMES,
    strip=True,
    filters=[_SafeLinks],
)
