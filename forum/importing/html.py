"""HTML, as browsers and other forums produce it, turned to Markdown that reads well.

markdownify does the turning. Before it, the markup is tidied: what is only style is taken away, and
what Markdown cannot say (bold around paragraphs, tables for layout) is made plain. Nothing here is
for safety: what comes out is rendered and sanitised like anybody's post.
"""

import re
from collections.abc import Callable, Iterable
from itertools import chain

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString
from bs4.exceptions import ParserRejectedMarkup
from markdownify import MarkdownConverter

from forum.core.text import backslash_escapes, with_windows_signs
from forum.core.text.alphabets.letters import touches_other_words
from forum.importing import characters, lists, spoilers
from forum.importing.html_elements import BLOCKS, DROPPED, KEPT, MARKS, PLAYERS, SAME
from forum.importing.records import Refused

ELEMENTS_MAX = 5_000
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_UNDERSCORE = re.compile(r"(?!(?<=[/(])_/)(?:(?<![^\W_])_|_(?![^\W_]))")
_NUMBERED = re.compile(r"^(\s*\d{1,9})(\.)(?=\s)")
_RULE = re.compile(r"^([ \t]*)([-=+#>]{2,}[ \t]*|(?:#{1,6}|\+)[ \t].*|>(?!!).*)$")
_BULLET = re.compile(r"^[•·●▪◦‣∙]\s*(?=\S)")
_EMOJI_CLASS = re.compile(r"emoji|smil(?:ey|ie)|emoticon", re.IGNORECASE)
_EMOJI_NAME, _WORD = re.compile(r":[\w+-]+:"), re.compile(r"\w")
_SIGNS_FIRST = re.compile(r"[^\w\\]*")


def read(html: str) -> tuple[str, list[str]]:
    """Return Markdown for an HTML body, and the names of what was hidden in it.

    Raises Refused when it is too tangled to read.
    """
    try:
        soup = _parsed(_without_open_end(with_windows_signs(html)))
        if len(soup.find_all(True, limit=ELEMENTS_MAX + 1)) > ELEMENTS_MAX:
            raise Refused(f"The HTML has more than {ELEMENTS_MAX:,} elements.")
        hidden = spoilers.set_apart(soup)
        _tidy(soup)
        return _lines(str(_converter.convert_soup(soup))), hidden
    except RecursionError as problem:
        raise Refused("The HTML is nested too deeply.") from problem


def _parsed(html: str) -> BeautifulSoup:
    try:
        return BeautifulSoup(html, "html.parser")
    except ParserRejectedMarkup:  # a declaration that is none, such as <![x
        return BeautifulSoup(html.replace("<!", "&lt;!"), "html.parser")


def _without_open_end(html: str) -> str:
    """Return HTML in which no tag is left open at the end.

    Python's parser would look through all the rest again for each < there.
    """
    end = html.rfind(">") + 1
    return html[:end] + html[end:].replace("<", "&lt;")


def _tidy(soup: BeautifulSoup) -> None:
    for piece in soup.find_all(string=lambda text: isinstance(text, PreformattedString)):
        piece.extract()
    for tag in soup.find_all(PLAYERS):
        _link_to_media(soup, tag)
    for tag in soup.find_all(DROPPED):
        tag.decompose()
    lists.close_items(soup)
    lists.number_items(soup)
    lists.letter_items(soup)
    _sources(soup.find_all("cite"))
    for tag in soup.find_all(True):
        tag.name = SAME.get(tag.name, tag.name)
        if tag.name not in KEPT:
            tag.unwrap()
    soup.smooth()
    _plain_text(soup)
    _layout_tables(soup.find_all("table"))
    _marks(soup)


def _link_to_media(soup: BeautifulSoup, player: Tag) -> None:
    """Leave a link where a video or a sound was played."""
    sources = [player, *player.find_all("source")]
    addresses = (str(one.get("src") or one.get("data") or "") for one in sources)
    web = (f"https:{one}" if one.startswith("//") else one for one in addresses)
    found = next((one for one in web if one.startswith(("http://", "https://"))), "")
    if found:
        link = soup.new_tag("a", href=found)
        link.string = found
        player.insert_before(link)


def _sources(cites: Iterable[Tag]) -> None:
    """Put who is quoted on a line of their own where a quotation begins with it."""
    for cite in cites:
        before = cite.previous_sibling
        begins = not before or (isinstance(before, NavigableString) and not before.strip())
        if begins and isinstance(cite.parent, Tag) and cite.parent.name in {"blockquote", "div"}:
            cite.name = "p"


def _plain_text(soup: BeautifulSoup) -> None:
    keep_breaks = soup.find([*BLOCKS, "br"]) is None
    for piece in list(soup.find_all(string=True)):
        text = _CONTROLS.sub("", characters.without_invisible(_SPACES.sub(" ", piece)))
        if keep_breaks and "\n" in text:
            # Without a single tag that breaks a line, the line ends are all there is of paragraphs.
            lines = text.strip().splitlines()
            pairs = ((NavigableString(line), soup.new_tag("br")) for line in lines)
            piece.replace_with(*chain.from_iterable(pairs))
        elif text != piece:
            piece.replace_with(NavigableString(text))


def _layout_tables(tables: Iterable[Tag]) -> None:
    for table in tables:
        rows = table.find_all("tr")
        one_column = all(len(row.find_all(["td", "th"])) < 2 for row in rows)
        if one_column or table.find(["p", "table", "ul", "ol"]):
            for tag in [table, *table.find_all(["tr", "td", "th", "thead", "tbody", "tfoot"])]:
                tag.name = "div"


def _marks(soup: BeautifulSoup) -> None:
    """Leave bold, italics and strike only where Markdown can say them: inside one paragraph."""
    for tag in soup.find_all([*MARKS, "a", "code"]):
        if tag.find(BLOCKS) or len(tag.find_all("br")) > 1 or tag.find_parent(tag.name):
            tag.unwrap()
    for tag in soup.find_all(MARKS):
        while isinstance(twin := tag.next_sibling, Tag) and twin.name == tag.name:
            tag.extend(list(twin.contents))
            twin.decompose()
    soup.smooth()


def _lines(markdown: str) -> str:
    lines: list[str] = []
    in_bullets = False
    for line in markdown.splitlines():
        bullet = _BULLET.match(line)
        if in_bullets and not bullet and line.strip():
            lines.append("")
        in_bullets = bool(bullet)
        lines.append(_BULLET.sub("- ", line).rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _mark(symbol: str) -> Callable[["_Converter", Tag, str, set[str]], str]:
    """Return a conversion that puts `symbol` around words, in such a way that it is understood."""

    def convert(_self: "_Converter", tag: Tag, text: str, parent_tags: set[str]) -> str:
        core = text.strip()
        if "_noformat" in parent_tags or not any(c.isalnum() for c in core):
            return text
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        start = end = ""
        letter = "" if before else _beside(tag.previous_sibling, -1)
        if letter:
            cut = _SIGNS_FIRST.match(core).end()  # type: ignore[union-attr]
            start, core = core[:cut], core[cut:]
            if not start and not touches_other_words(letter):
                return text  # inside a word nothing begins
        if not after and _beside(tag.next_sibling, 0):
            cut = next((at for at in range(len(core), 0, -1) if _WORD.match(core[at - 1])), 0)
            core, end = core[:cut], core[cut:]
        return f"{before}{start}{symbol}{core}{symbol}{end}{after}" if core else text

    return convert


def _beside(neighbour: object, index: int) -> str:
    """Return the letter or digit that touches a mark: then no punctuation may be inside it."""
    text = neighbour.get_text() if isinstance(neighbour, Tag) else str(neighbour or "")
    return text[index] if text and text[index].isalnum() else ""


class _Converter(MarkdownConverter):
    """Markdown as this forum renders it: no tables, a line break is a line break."""

    convert_b = _mark("**")
    convert_i = _mark("*")
    convert_s = _mark("~~")

    def process_text(self, el: NavigableString, parent_tags: set[str] | None = None) -> str:
        text = str(super().process_text(el, parent_tags=parent_tags))  # type: ignore[misc]
        after_break = isinstance(el.previous_sibling, Tag) and el.previous_sibling.name == "br"
        return text.lstrip() if after_break else text

    def escape(self, text: str, _parent_tags: set[str]) -> str:
        text = backslash_escapes.outside_literals(text, _escaped)
        return _RULE.sub(r"\1\\\2", _NUMBERED.sub(r"\1\\\2", text))

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: N802
        # Without words its sign alone would be taken for a word.
        heading = super().convert_hN(n, el, text, parent_tags)  # type: ignore[misc]
        return str(heading) if text.strip() else ""

    def convert_hr(self, _el: Tag, _text: str, **_context: object) -> str:
        return "\n\n* * *\n\n"

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        label, address = " ".join(text.split()), _address(el.get("href"))
        if "_noformat" in parent_tags or not address or not label:
            return text
        before, after = " " * text[:1].isspace(), " " * text[-1:].isspace()
        if label.replace("\\", "") in {address, address.removesuffix("/")}:
            return f"{before}<{address}>{after}"
        return f"{before}[{label}]({address}){after}"

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        item = str(super().convert_li(el, text, parent_tags))  # type: ignore[misc]
        return re.sub(r"^\d+(?=\.)", str(el["value"]), item) if el.has_attr("value") else item

    def convert_img(self, el: Tag, _text: str, parent_tags: set[str]) -> str:
        label = str(el.get("alt") or el.get("title") or "").strip()
        address = "" if "a" in parent_tags else _address(el.get("src"))
        emoji = _is_emoji(el, label)
        label = " ".join(self.escape(label, set()).split()).translate({91: "(", 93: ")"})
        if emoji or not address:
            return label or ("picture" if "a" in parent_tags else "")
        return f"[{label or 'picture'}]({address})"

    def convert_td(self, _el: Tag, text: str, **_context: object) -> str:
        return " ".join(text.split()) + " | "

    convert_th = convert_td

    def convert_tr(self, _el: Tag, text: str, **_context: object) -> str:
        return text.rstrip(" |") + "\n"


def _escaped(text: str) -> str:
    """Return a text in which no sign means anything inside a line."""
    text = backslash_escapes.doubled(text).replace("*", "\\*").replace("`", "\\`")
    return _UNDERSCORE.sub(r"\\_", text).replace("~~", "\\~~").replace("](", "]\\(")


def _is_emoji(image: Tag, label: str) -> bool:
    """Whether a picture stands for an emoji, which its label says in signs or words."""
    named = any(map(_EMOJI_CLASS.search, image.get("class") or ()))
    short = len(label) <= 3 or _EMOJI_NAME.fullmatch(label) or not _WORD.search(label)
    return bool(label and (named or short))


def _address(value: object) -> str:
    """Return a web or mail address in a form that Markdown takes whole; empty for any other."""
    address = re.sub(r"[\t\r\n]", "", str(value or "")).strip()
    if not re.match(r"(?i)(https?://|mailto:)[^\s/]", address):
        return ""
    return "".join(f"%{ord(c):02X}" if c in ' ()<>[]\\"`' else c for c in address)


_converter = _Converter(bullets="-", heading_style="atx", wrap=True, wrap_width=None)
