"""Whom a text calls: nobody in code, links, pictures, comments, escapes and quotations."""

import pytest
from bs4 import BeautifulSoup

from forum.core import text

# Of mail, of the web, or of another forum.
ELSEWHERE = [
    "https://example.org/@wren",
    "me@wren.example.org",
    "a/@wren",
    "[a](<https://example.org/@wren>)",
    "ユーザー@wren.example.org",
    "邮箱@wren.com",
    "@wren@example.org",
    "спасибо@wren",
]
QUIET = [
    *ELSEWHERE,
    "`@wren`",
    "``@wren x``",
    "`a @wren b`",
    "```\n@wren\n```",
    "~~~\n@wren\n~~~",
    "~~~\n@wren",
    "```\n@wren\n````\n",
    "> ```\n> @wren\n> ```",
    "    @wren",
    "\t@wren said",
    "- a\n\n      @wren",
    "![@wren](https://example.org/a.png)",
    "[@wren](https://example.org)",
    "[a **@wren**](https://example.org)",
    "\\@wren",
    "**\\@wren**",
    "<!-- @wren -->",
    "<!--\n\n@wren\n\n-->",
    "a <!-- b --> <!-- @wren -->",
    "> @wren was kind",
    "> > @wren",
    "> - @wren",
    "> **@wren**\n> @wren",
    "- > @wren",
    ">@wren",
    '[a](https://example.org "@wren")',
    "![a](https://example.org 'by @wren')",
    "[![@wren](https://example.org/a)](https://example.org)",
]
CALLING = [
    "@wren",
    "thanks @Wren!",
    "**@wren**",
    "# @wren",
    "- @wren",
    "1. a\n\n   @wren",
    "(@wren)",
    "> quoted\n\n@wren",
    "> quoted\n@wren",
    "`code` @wren",
    "<!-- @wren",
    "@wren -->",
    "<!-- a --> @wren",
    "\\\\@wren",
    "*@wren* said",
    "~~@wren~~",
    "a\n    @wren",
    "[ ] @wren",
    "そして@wren",
    "谢谢@wren。",
    "고마워@wren",
    "ขอบคุณที่@wren",
    "@wrenさん、おはよう",
    "@wren님 안녕",
    "谢谢@wren你好",
    "@wren- so it is",
    "あ@wren。",
]


@pytest.mark.parametrize("body", QUIET)
def test_nobody_is_called(body: str) -> None:
    assert "wren" not in text.called(body)
    assert "/members/@wren" not in text.render(body, mentions=True).casefold()


@pytest.mark.parametrize("body", CALLING)
def test_a_name_calls_and_is_linked(body: str) -> None:
    assert text.called(body) == {"wren"}
    (link,) = BeautifulSoup(text.render(body, mentions=True), "html.parser")("a")
    assert str(link["href"]).casefold() == "/members/@wren"


@pytest.mark.parametrize("body", QUIET)
def test_names_that_notify_nobody_are_still_removed_with_an_account(body: str) -> None:
    if body in ELSEWHERE:
        assert text.renamed(body, "robin", "a former member") == body
    else:
        assert "@wren" not in text.renamed(body, "wren", "a former member")


def test_a_name_that_is_written_with_escapes_calls_too() -> None:
    assert text.called("@wren\\_song") == {"wren_song"}


@pytest.mark.parametrize("body", ["_@zoe_", "_thank you @zoe_ so much", "*_@zoe_*"])
def test_a_name_in_italics_is_called_and_can_be_taken_out(body: str) -> None:
    assert text.called(body) == {"zoe"}
    assert "zoe" not in text.renamed(body, "zoe", "somebody")
    assert "_erased_" in text.renamed("_@zoe_", "zoe", "erased")
    assert text.mentioned("@zoe_x and a@zoe") == {"zoe_x"}


@pytest.mark.parametrize(
    ("name", "shorter"),
    [
        ("さくらさん", "さくら"),
        ("민수가", "민수"),
        ("สมชายครับ", "สมชาย"),
        ("王小明你好", "王小明"),
    ],
)
def test_what_runs_on_behind_a_name_may_be_none_of_it(name: str, shorter: str) -> None:
    assert shorter in text.beginnings(name)
    assert text.renamed(f"so @{name}!", shorter, "X") == f"so X{name[len(shorter) :]}!"
    assert text.renamed(f"so @{name}!", shorter, "X", {name}) == f"so @{name}!"
    assert text.beginnings("wrenhouse") == []


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("@さくら thanks", "さくら"),
        ("ねえ、@さくらthanks", "さくら"),
        ("@99さくら!", "99さくら"),
        ("@민수-1", "민수-1"),
        ("@wren-99さん", "wren-99"),
        ("@สมชายhello", "สมชาย"),
    ],
)
def test_a_name_ends_where_the_alphabet_changes(body: str, name: str) -> None:
    assert text.called(body) == {name}
    assert name not in text.renamed(body, name, "somebody")
