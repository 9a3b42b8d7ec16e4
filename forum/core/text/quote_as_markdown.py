"""What somebody wrote, as a quotation for an answer: what is read, not how it was typed.

The page's script does the same with what is on the screen (`as_markdown.js`).
"""

import re
from collections.abc import Iterable, Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from forum.core.text.backslash_escapes import doubled, outside_literals
from forum.core.translation import _

QUOTED_MAX = 600
_MORE = "\N{HORIZONTAL ELLIPSIS}"
_BLOCKS = {"p", "ul", "ol", "pre", "hr", "blockquote", "h3", "h4", "h5", "h6"}
_APART = ["p", "pre"]
_HIGHEST, _RULE_LEAST = 3, 3
_ADDRESS = re.compile(r"((?:https?://|www\.)\S+)", re.IGNORECASE)
_EMPHASIS = re.compile("</?(?:em|strong|s)>")
_BRACKET, _PAREN, _BREAKS = re.compile(r"[\[\]]"), re.compile("[()]"), re.compile("\n+")
_NOT_A_PARAGRAPH = re.compile(r"- |#{1,4} |\d{1,9}\. |```|---$")
_SIGNS = (
    (re.compile(r"([`*])"), r"\\\1"),
    (re.compile(r"(?!(?<=[/(])_/)(?:(?<!\w)_(?!_)|(?<!_)_(?!\w))"), r"\\_"),
    (re.compile(r"~(?=~)|(?<=~)~"), r"\\~"),
    (re.compile(r"\](?=\()"), r"\\]"),
    (re.compile(r"<(?=[a-z]|$)", re.IGNORECASE), r"\\<"),
)
_MARKS = tuple("`*_~[]<@")
_LINE_START = re.compile(r"^(#{1,6}(?=\s|$)|>|-(?=\s|$))")
_NUMBER_START = re.compile(r"^(\d{1,9})\.(?=\s|$)")


def quotation(author: str | None, html: str) -> str:
    """Return the Markdown that quotes a text from its rendered HTML, without what it quotes."""
    words = as_markdown(html)
    if len(words) > QUOTED_MAX:
        words = words[:QUOTED_MAX].rstrip().removesuffix("\\") + _MORE
    # In every language the name comes first, by which `quotations` knows whose words these are.
    name = f"@{author}"
    lines = [_("%(name)s wrote:", name=name) if author else _("Someone wrote:")]
    lines += ["", words] if _NOT_A_PARAGRAPH.match(words) else [words]
    return "\n".join(f"> {line}".rstrip() for line in "\n".join(lines).split("\n"))


def as_markdown(html: str) -> str:
    """Return Markdown that is read as this HTML is, without quotations and emphasis."""
    # Emphasis in emphasis can be deeper than Python goes.
    return "\n\n".join(_blocks_of(BeautifulSoup(_EMPHASIS.sub("", html), "html.parser")))


def _blocks_of(element: Tag) -> list[str]:
    """Return the blocks of an element; the words between them are paragraphs."""
    blocks: list[str] = []
    words: list[str] = []
    for node in element.children:
        if isinstance(node, Tag) and node.name in _BLOCKS:
            blocks += [_lines(_joined(words)), _block(node)]
            words = []
        else:
            words.append(_inline(node))
    return list(filter(None, [*blocks, _lines(_joined(words))]))


def _block(part: Tag) -> str:
    if part.name == "blockquote":
        return ""
    if part.name == "pre":
        return _fenced(part.get_text())
    if part.name == "hr":
        return "---"
    if part.name in {"ul", "ol"}:
        return "\n".join(_items(part))
    words = _lines(_inside(part))
    return words if part.name == "p" else f"{'#' * (int(part.name[1]) - _HIGHEST + 1)} {words}"


def _items(of: Tag) -> Iterator[str]:
    number = int(str(of.get("start") or 1))
    for item in of.find_all("li", recursive=False):
        number = int(str(item.get("value") or number))
        mark = f"{number}. " if of.name == "ol" else "- "
        number += 1
        apart = "\n\n" if item.find(_APART, recursive=False) else "\n"
        yield mark + re.sub(r"\n(?=.)", "\n" + " " * len(mark), apart.join(_blocks_of(item)))


def _inline(node: PageElement) -> str:
    if isinstance(node, NavigableString):
        return _escaped(str(node))
    if not isinstance(node, Tag):
        return ""
    if node.name == "br":
        return "\n"
    if node.name == "code":
        return _spanned(node.get_text())
    inside = _inside(node)
    return _linked(inside, node) if node.name == "a" else inside


def _inside(node: Tag) -> str:
    return _joined(map(_inline, node.children))


def _joined(pieces: Iterable[str]) -> str:
    """Return pieces as one; backslashes at the end of one take no sign of the next away."""
    joined = [""]
    for piece in filter(None, pieces):
        if piece.startswith(_MARKS):
            before = joined[-1]
            joined.append(before[len(before.rstrip("\\")) :])
        joined.append(piece)
    return "".join(joined)


def _linked(words: str, link: Tag) -> str:
    """Return a link; an address that stands for itself, and a name, are links by themselves."""
    address, shown = str(link.get("href") or ""), link.get_text()
    found = address in {shown, f"http://{shown}", f"mailto:{shown}"} or _ADDRESS.match(shown)
    if found or not address.startswith(("http:", "https:", "mailto:")):
        return words
    label = _BRACKET.sub(r"\\\g<0>", words)
    return f"[{label}](<{address}>)" if _PAREN.search(address) else f"[{label}]({address})"


def _escaped(text: str) -> str:
    """Return a text whose signs mean nothing inside a line; addresses are links again."""
    parts = _ADDRESS.split(text)
    for at in range(0, len(parts), 2):
        parts[at] = outside_literals(parts[at], _plain)
    return "".join(parts)


def _plain(words: str) -> str:
    words = doubled(words)
    for sign, plain in _SIGNS:
        words = sign.sub(plain, words)
    return words


def _lines(words: str) -> str:
    return "\n".join(map(_line_start, _BREAKS.split(words.strip())))


def _line_start(line: str) -> str:
    """Return a line whose signs mean nothing where it begins."""
    words = line.lstrip()
    signs = "".join(words.split())
    if len(signs) >= _RULE_LEAST and signs[0] in "-_" and not signs.strip(signs[0]):
        return f"\\{words}"
    return _NUMBER_START.sub(r"\1\\.", _LINE_START.sub(r"\\\1", words))


def _spanned(text: str) -> str:
    marks = "`" * (_longest_run(text, 0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{marks}{space}{text}{space}{marks}"


def _fenced(text: str) -> str:
    marks = "`" * (_longest_run(text, 2) + 1)
    return "\n".join((marks, text.removesuffix("\n"), marks))


def _longest_run(text: str, least: int) -> int:
    return max([least, *map(len, re.findall("`+", text))])
