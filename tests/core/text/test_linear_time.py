"""No text of 20,000 characters costs much more than what people write, however it is made.

Every function that reads what people send is timed with hostile texts against an ordinary one of
the same length, in the same run. The bounds are wide: what is quadratic misses them by far.
"""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from forum.accounts.identity import emails, handles
from forum.accounts.preferences import content_note_preferences
from forum.core import text
from forum.core.errors import Invalid
from forum.core.text import links
from forum.core.text.quote_as_markdown import quotation
from forum.importing import spoiler_marks
from forum.importing.records import Refused
from forum.moderation.actions.registry import ACTIONS
from tests.support.importing.stored_html import to_markdown

LENGTH, FREE_S = 20_000, 0.03
ORDINARY = (
    "I came home late last night, and it rained. **Nobody** was there; I made tea, wrote to @wren "
    "and read https://example.org/a.\n\n"
)
PIECES = [
    "a",
    '"',
    "&",
    ".",
    "*",
    "*a ",
    "*a_ ",
    "**(a",
    "*(a)*b",
    "_",
    "~",
    "~~a",
    "`",
    "[",
    "![",
    "[a](",
    "[a](b ",
    "[](<",
    '[a](b "',
    "](",
    "[a][b]",
    "[a]: b\n",
    "<",
    "<a@",
    "<http://",
    "<b>",
    "<b><i>",
    "</b>",
    "<p>a",
    '<a href="',
    "<!--",
    "<!-- @abc -->",
    "<!--@a",
    "&",
    "&#",
    "&lt;b&gt;",
    ">",
    "> ",
    "> - 1. ",
    "> a\n",
    "> a\nb\n",
    "- ",
    "- a\n",
    "1. ",
    "# ",
    "# a #\n",
    "```a\n",
    "~~~ a\n> ",
    "a\n=\n",
    "    a\n",
    "\n",
    "a\n\n",
    " ",
    "\t",
    "\\",
    "\\*",
    "|",
    "((",
    "-",
    "@",
    "@a",
    "@abc ",
    "a@b.co ",
    "a.a@",
    "a@a.a",
    "http://",
    "http://a",
    "https://a.b/(",
    "www.",
    "www.a.b ",
    "a.com",
    "://",
    "1",
    "1.",
    "\u0301\u0323",
    "\u0301",
    "\u200b",
    "👩\u200d",
    "日。",
    "ش",
    "> ش\n",
    "\ufffd",
    "spoiler",
    "[spoiler=",
    "||a ",
    ">!a ",
    "::: spoiler\n",
    "<details>",
    ":lol",
    "\u00a0\n",
]
HOSTILE = {piece: (piece * (LENGTH // len(piece) + 1))[:LENGTH] for piece in PIECES} | {
    "deep quotations": "\n".join([">" * 1000] * 19),
    "deep lists": "\n".join(" " * n + "- a" for n in range(190)),
    "emphasis in emphasis": "*a " * 1_500 + "b* " * 1_500,
    "growing backticks": " ".join("`" * n for n in range(190)),
    "brackets in brackets": "[" * 10_000 + "]" * 9_999,
    "a tail of dots": "https://example.org/" + "." * 19_900,
    "signs in bold": "a<b>a" + "." * 19_900 + "a</b>a",
    "emphasised words": "*a* " * 5_000,
    "bold and italic": "***a*** " * 2_500,
    "emphasised items": "- *a*\n" * 3_334,
    "code words": "`a` " * 5_000,
    "headings": "# *a*\n" * 3_334,
    "links in brackets": "[a](https://b.co) " * 190 + "*a* " * 4_000,
    "lines of a table": "|a|b|\n" * 1_999,
    "one name": "@wren " * 3_334,
    "as much as is read": "*a* " * 555,
    "as many lines as are read": "a\n" * 1_100,
    "as many items as are read": "1. a\n" * 440,
    "space before a letter": "a" + " " * 19_900 + "a",
}


def refusing(read: Callable[[str], object]) -> Callable[[str], object]:
    """Return a function that may refuse a text."""

    def tried(words: str) -> None:
        with suppress(Invalid, Refused):
            read(words)

    return tried


# Each function, and how many times as long as for the ordinary text it may take at most.
READERS: dict[str, tuple[Callable[[str], object], int]] = {
    "render": (lambda words: text.render(words, mentions=True), 10),
    "called": (lambda words: text.called(f"{words} @wren"), 10),
    "mentioned": (text.mentioned, 40),
    "renamed": (lambda words: text.renamed(words, "abc", "wren"), 40),
    "checked": (refusing(lambda words: text.checked(words, "body", least=1, most=LENGTH)), 40),
    "one line": (refusing(lambda words: text.one_line(words, "title", most=LENGTH)), 40),
    "blank": (text.is_blank, 40),
    "isolated": (text.isolated, 40),
    "addresses": (lambda words: list(links.found_in(words)), 40),
    "quotation": (lambda words: quotation("wren", text.render(words)), 10),
    "HTML": (refusing(to_markdown), 100),
    "spoilers": (spoiler_marks.set_apart, 40),
    "spoilers in titles": (spoiler_marks.cut_from, 40),
    "new handle": (refusing(handles.checked), 40),
    "handle": (handles.key_of, 40),
    "e-mail": (refusing(emails.checked), 40),
    "thread's address": (refusing(ACTIONS["merge"].check), 40),
    "topic": (lambda words: content_note_preferences.folded(words[:80]), 40),
}


def seconds(read: Callable[[str], object], words: str) -> float:
    """Return how long the processor takes."""
    start = time.process_time()
    read(words)
    return time.process_time() - start


@pytest.mark.parametrize("name", READERS)
def test_hostile_texts_cost_no_more_than_some_ordinary_ones(name: str) -> None:
    read, times = READERS[name]
    ordinary = (ORDINARY * LENGTH)[:LENGTH]
    allowed = max(FREE_S, times * min(seconds(read, ordinary) for _ in range(3)))
    for kind, words in HOSTILE.items():
        # A busy machine is asked again; what is quadratic is too slow each time.
        assert any(seconds(read, words) < allowed for _ in range(3)), kind
