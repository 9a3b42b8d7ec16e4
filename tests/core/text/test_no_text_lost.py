"""No word of a post gets lost, or turns into something that its author did not mean."""

import re
from collections import Counter

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape

from forum.core import text
from forum.core.text.quote_as_markdown import as_markdown
from tests.support.importing.stored_html import to_markdown

# What Markdown would swallow, and all of what is to be read.
SHOWN = {
    "[1]: https://example.org/leaflet": "[1]: https://example.org/leaflet",
    "It helped me.\n\n[1]: https://example.org/a\n[2]: https://example.org/b": (
        "It helped me. [1]: https://example.org/a [2]: https://example.org/b"
    ),
    '[1]: <https://example.org/leaf> "A leaf"': '[1]: https://example.org/leaf "A leaf"',
    "[me]: fine\n[you]: tired": "[me]: fine [you]: tired",
    "[later]: remember": "[later]: remember",
    "- [x]: done\n- [y]: open": "[x]: done [y]: open",
    "[I was tired](really)": "[I was tired](really)",
    '[a leaflet](https://example.org "for you")': "a leaflet (for you)",
    '![a cat](https://example.org/cat.png "mine")': "a cat (mine)",
    "[](https://example.org/a)": "https://example.org/a",
    "[\u200b](https://example.org/a)": "\u200bhttps://example.org/a",
    "![](https://example.org/a)": "https://example.org/a",
    "##": "##",
    "## \nso": "## so",
    "> ": ">",
    ">\n>": "> >",
    "-": "-",
    "1.": "1.",
    "---": "---",
    "```\n```": "``` ```",
    "```so I said\nwords\n```": "so I said words",
    "~~~ and then ~~~": "~~~ and then ~~~",
    "&shy;": "&shy;",
    "&nbsp; AT&amp;T &copy;": "&nbsp; AT&amp;T &copy;",
    "<b>bold</b> <!-- aside -->": "<b>bold</b> <!-- aside -->",
    "<!-- -->": "<!-- -->",
    "__init__ and __main__.py": "__init__ and __main__.py",
    "2*3*4 and 2**3**4": "2*3*4 and 2**3**4",
    "We talked until two\n===": "We talked until two ===",
    ">100 mg a day": ">100 mg a day",
    "No sleep\n>5 nights": "No sleep >5 nights",
    ">:(": ">:(",
    ">.<\n\nso": ">.< so",
    ">w< and >_<": ">w< and >_<",
    "- >:(": ">:(",
    ">" * 1000 + " deep": ">" * 984 + " deep",
    "- " * 40 + "deep": "- " * 32 + "deep",
    "f*ck this sh*t, f**k that s**t": "f*ck this sh*t, f**k that s**t",
    "(*_*) and *_* and ;_; >_> ^*^ *^*": "(*_*) and *_* and ;_; >_> ^*^ *^*",
    "¯\\_(ツ)_/¯ /\\_/\\ \\(^o^)/": "¯\\_(ツ)_/¯ /\\_/\\ \\(^o^)/",
    "-_- so >_< so (*) so ;_; -_- >_< (*) ;_;": "-_- so >_< so (*) so ;_; -_- >_< (*) ;_;",
    "¯\\_(ツ)_/¯ and ¯\\_(ツ)_/¯ *_*": "¯\\_(ツ)_/¯ and ¯\\_(ツ)_/¯ *_*",
    "so it goes :\\\nand on": "so it goes :\\ and on",
    "\\*not italic\\* \\_nor this\\_ a\\\\*b": "*not italic* _nor this_ a\\*b",
    "\\# no heading \\# 1984\\. a": "# no heading \\# 1984\\. a",
    "1984\\. a\n\n1\\) b": "1984. a 1) b",
    "!\\[a](b) \\![a] \\@wren \\<b": "![a](b) ![a] @wren <b",
    'a\\b a\\\\b 5\\$ \\"so\\" \\! \\\\//': 'a\\b a\\\\b 5\\$ \\"so\\" \\! \\\\//',
    "[![a cat](https://example.org/cat.png)](https://example.org/all)": "a cat (https://example.org/cat.png)",
    "<wren@home> <wren@example.org>": "<wren@home> wren@example.org",
}
# What is shown as it is typed, all of it.
AS_TYPED = [
    "\\\\server\\share\\_old",
    "C:\\Users\\_me\\*.txt",
    "..\\..\\_x\\file",
    "c:\\a b :\\ :-\\ >:\\",
    "/o\\ \\o/ \\o\\ \\m/",
    "\\[T]/ \\~~/ \\*o*/ \\_o_/",
    "(\\_/) (\\__/) /\\_/\\",
    "¯\\_( ͡° ͜ʖ ͡°)_/¯",
    "8) fine",
    "text\n3) three\n5) five",
    "01. one\n02. two",
    "+ slept well\n- tired\n+ ate",
    "- tired\n+ slept well",
    "+ only this",
]


# What remains one paragraph after the other, and a line between them at most.
PLAIN = {
    "I was tired\n---\nand then": ["p", "hr", "p"],
    "I wrote in my notes:\n\n    it was raining and I was tired": ["p", "p"],
    "We talked until two\n===": ["p"],
    "    - four spaces\n    # are no list": ["p"],
    "\tand neither is a tab": ["p"],
    "> she said\nand I said": ["blockquote", "p"],
    ">she said": ["blockquote"],
    ">1. she said": ["blockquote"],
    ">2019 was hard\n>and so was 2020": ["blockquote"],
    ">...and so it was": ["blockquote"],
    ">:(": ["p"],
    "I was tired\n~~~\nand then": ["p"],
    "I was tired\n\n~~~\n\nand then": ["p", "p", "p"],
    "I was tired\n\n~~~~~~~~\nand then": ["p", "p"],
    "> she said\n> ~~~\n\nand then": ["blockquote", "p"],
    "~~~\nlines\n~~~": ["pre"],
    "```\nlines": ["pre"],
}


def read(body: str) -> str:
    """Return what is to be read of a rendered text, on one line."""
    return " ".join(BeautifulSoup(text.render(body), "html.parser").get_text().split())


@pytest.mark.parametrize("body", SHOWN)
def test_everything_that_is_written_is_shown(body: str) -> None:
    assert read(body) == SHOWN[body]


@pytest.mark.parametrize("body", PLAIN)
def test_ordinary_lines_stay_ordinary(body: str) -> None:
    soup = BeautifulSoup(text.render(body), "html.parser")
    assert [tag.name for tag in soup.find_all(True, recursive=False)] == PLAIN[body]


@pytest.mark.parametrize("body", AS_TYPED)
def test_signs_that_mean_nothing_stay_as_they_were_typed(body: str) -> None:
    html = text.render(body)
    assert read(body) == " ".join(body.split())
    assert re.sub("<br>|</?p>", "", html).strip() == str(escape(body))
    again = text.render(as_markdown(html))
    assert read(body) == " ".join(BeautifulSoup(again, "html.parser").get_text().split())


def test_what_is_no_item_ends_the_list_above_it() -> None:
    assert text.render("1. a\n2) b").split() == text.render("1. a\n\n2) b").split()
    assert "<li>" in text.render("- a\n- b\n\n+ c")


_MORE = ["    ", "\n\n", "](", "&lt;"]
_SIGNS = st.sampled_from([*"#>-+*_~`[]()<>!&;:=\\|\"'.,12 \n\tab", *_MORE])
_SIGN_TEXTS = st.lists(_SIGNS, max_size=25).map("".join)


@given(_SIGN_TEXTS)
def test_no_letter_is_ever_lost(body: str) -> None:
    assert sorted(filter(str.isalpha, read(body))) == sorted(filter(str.isalpha, body))


@given(_SIGN_TEXTS | st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20))
def test_what_can_be_seen_in_a_field_can_be_seen_on_the_page(body: str) -> None:
    assert text.is_blank(read(body)) == text.is_blank(body)


@pytest.mark.parametrize(
    ("body", "direction"),
    [("سلام", "rtl"), ("1. שלום", "rtl"), ("> (تنبيه) words", "rtl"), ("- words سلام", "ltr")],
)
def test_lists_and_quotations_run_as_their_first_letter_does(body: str, direction: str) -> None:
    tags = BeautifulSoup(text.render(body), "html.parser").find_all(["p", "ol", "ul", "blockquote"])
    for tag in tags:
        assert tag["dir"] == ("auto" if tag.name == "p" else direction)


def test_texts_that_run_from_the_left_need_no_direction() -> None:
    assert "dir" not in text.render("Words\n\n> words\n\n- слова\n- 言葉")


def test_a_title_in_a_sentence_keeps_its_direction_to_itself() -> None:
    assert text.isolated("سلام <b>") == "<bdi>سلام &lt;b&gt;</bdi>"
    assert text.isolated("turned \u202e around") == "<bdi>turned \u202e around</bdi>"
    assert text.isolated("Tea & toast") == "Tea &amp; toast"
    assert text.isolated(None) == ""


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("5. see\n4. touch\n3. hear", [5, 4, 3]),
        ("3. one\n5. another\n6. the next", [3, 5, 6]),
        ("1. one\n   1. inside\n   7. too\n3. another", [1, 1, 7, 3]),
        ("1. one\n1. Markdown counts\n1. by itself", [1, 2, 3]),
        ("1. one\n2. two\n3. three", [1, 2, 3]),
        ("2. May was hard\n2. June was not", [2, 2]),
    ],
)
def test_a_list_has_the_numbers_that_were_typed(body: str, shown: list[int]) -> None:
    soup = BeautifulSoup(text.render(body), "html.parser")
    assert [number_of(item) for item in soup("li")] == shown


def number_of(item: Tag) -> int:
    """Return the number that a browser shows before an item of a numbered list."""
    before = item.find_previous_sibling("li")
    first = item.parent.get("start", "1") if item.parent else 1
    counted = number_of(before) + 1 if before else int(str(first))
    return int(str(item.get("value", str(counted))))


def test_emphasis_stays_where_it_is_meant() -> None:
    for body in (
        "*tired*",
        "(*tired*)",
        "**so *tired***",
        "我*很*累",
        "*so*, *so* tired",
        "*累*了",
    ):
        assert "<em>" in text.render(body), body


def test_a_picture_in_a_link_leaves_both_addresses() -> None:
    html = text.render("[![](https://example.org/cat.png)](https://example.org/all)")
    links = BeautifulSoup(html, "html.parser")("a")
    assert [(link["href"], link.text) for link in links] == [
        ("https://example.org/all", "https://example.org/all"),
        ("https://example.org/cat.png", "https://example.org/cat.png"),
    ]


PIECES = [
    "a",
    "é",
    "さ",
    "가",
    "م",
    " ",
    "\n",
    "*",
    "_",
    "**",
    "~",
    "~~~",
    "`",
    "```",
    "\\",
    "(",
    ")",
    "[",
    "]",
    "](https://x.org)",
    "<",
    ">",
    "!",
    "#",
    "-",
    "+",
    ".",
    "@ann",
    "|",
    "^",
    "/",
    "¯",
    "> ",
    "- ",
    "1. ",
    "    ",
    "![",
    "<https://x.org>",
    "<a@x.org>",
    "<![",
    "'t'",
    "&amp;",
]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map("".join))
def test_no_letter_is_lost_whatever_signs_are_adjacent(body: str) -> None:
    shown = BeautifulSoup(text.render(body, mentions=True), "html.parser").get_text()
    left = Counter(filter(str.isalpha, body)) - Counter(filter(str.isalpha, shown))
    # What is typed twice, as words and as an address, may be shown once.
    assert not left - Counter("https x.org" * body.count("https://x.org"))
    assert len(text.called(body)) <= body.count("@ann")
    to_markdown(body)
