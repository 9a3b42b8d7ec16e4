"""The only sanitiser: what comes in is checked, what goes out is safe."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from forum.core import text
from forum.core.errors import Invalid
from tests.support.text.safe_html import assert_safe

HOSTILE = [
    "<script>alert(1)</script>",
    "[a](javascript:alert(1))",
    "[a](javascript:123)",
    "[a](JaVaScRiPt:1)",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:1)",
    "<a href='javascript:1'>x</a>",
    "[a](//evil.example)",
    "[a](/logout)",
    "[a](http:evil)",
    '![x](x" onerror="alert(1))',
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[a](<javascript:1>)",
    "[a]: javascript:1\n\n[a]",
    "<javascript:123>",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "[a](http://[::1)",
    "\u202e<b>turned</b>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_markdown_becomes_harmless(source: str) -> None:
    assert_safe(text.render(source, mentions=True))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_anything_becomes_harmless(source: str) -> None:
    assert_safe(text.render(source, mentions=True))


_NEAR_ADDRESSES = st.lists(
    st.sampled_from(
        [
            "www",
            "a",
            "com",
            "org",
            "http",
            "mailto",
            "ftp",
            ".",
            ":",
            "//",
            "@",
            "&#46;",
            "&",
            ";",
            "\\",
            "*",
            "<",
            ">",
            "(",
            "]",
            " ",
            "\n",
            "é",
            "1",
        ]
    ),
    max_size=12,
).map("".join)


@given(_NEAR_ADDRESSES)
def test_an_address_is_found_wherever_there_is_one(source: str) -> None:
    assume(
        source == "" or any(map(str.isalnum, source))
    )  # one line drawn by "***" is shown as typed
    first = "www.example.org\n\n"  # here there is one, so the rest is searched, too
    assert text.render(first + source) == text.render(first) + text.render(source)


def test_markdown_means_what_people_expect() -> None:
    html = text.render("**bold** *soft* ~~gone~~\nnext line\n\n> said\n\n- one\n- two")
    for part in (
        "<strong>bold</strong>",
        "<em>soft</em>",
        "<s>gone</s>",
        "<br>",
        "<blockquote>",
        "<li>two</li>",
    ):
        assert part in html


def test_a_list_goes_on_counting_after_a_paragraph() -> None:
    assert '<ol start="2">' in text.render("1. one\n\nbetween\n\n2. two")


def test_addresses_become_links_without_trust() -> None:
    html = text.render("see https://example.org/a and www.example.com")
    assert html.count(f'rel="{text.REL}"') == 2
    assert 'href="http://www.example.com"' in html


def test_images_are_shown_as_links() -> None:
    html = text.render("![a cat](https://example.org/cat.png)")
    assert "<img" not in html
    assert 'href="https://example.org/cat.png"' in html
    assert ">a cat</a>" in html


def test_headings_begin_below_those_of_the_page() -> None:
    assert "<h3>Big</h3>" in text.render("# Big")
    assert "<h6>Small</h6>" in text.render("###### Small")


def test_names_are_linked_alike_even_unused_ones() -> None:
    html = text.render("@Wren and @robin, not a@wren.org or `@wren`", mentions=True)
    assert '<a href="/members/@Wren">@Wren</a> and <a href="/members/@robin">@robin</a>' in html
    assert html.count("/members/") == 2
    assert "/members/" not in text.render("@wren")


@pytest.mark.parametrize(
    "source",
    [
        ">" * 5000 + " deep",
        "> " * 5000 + "deep",
        "[" * 5000 + "x",
        "- " * 5000 + "x",
        "*a_ " * 4000,
        "`" * 9999,
        "![" * 4000,
        "<" * 9000,
        "&" * 9000,
    ],
)
def test_deep_nesting_is_rendered_and_stays_shallow(source: str) -> None:
    html = text.render(source[:20_000])
    assert_safe(html)
    assert html.count("<blockquote>") <= 100


@pytest.mark.parametrize("piece", ["http://[a ", "//a.b/ ", "ftp://a ", "a@b.co ", "www.a.b "])
def test_thousands_of_addresses_are_not_searched_for(piece: str) -> None:
    def once() -> float:
        start = time.process_time()
        assert "<a " not in text.render((piece * 20_000)[:20_000])
        return time.process_time() - start

    assert min(once() for _ in range(5)) < 0.25


def test_five_thousand_nested_quotes_take_no_time() -> None:
    # The limit is the issue's own; the best of five leaves a busy machine out of it.
    def once() -> float:
        start = time.process_time()
        text.render(">" * 5000 + " deep")
        return time.process_time() - start

    assert min(once() for _ in range(5)) < 0.1


@pytest.mark.parametrize("bad", ["some\x00b", "some\ud800b", "so\x02me\x00"])
def test_what_cannot_be_stored_is_refused_and_said_where(bad: str) -> None:
    with pytest.raises(Invalid) as refusal:
        text.checked(bad, "body", most=100)
    assert "after “some”" in refusal.value.fields["body"]


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("a bul\x02let", "a bullet"),
        ("\x1b[1mbold\x1b[0m", "[1mbold[0m"),
        ("\x07", ""),
        ("a\x7fb\x1f c\td", "ab c\td"),
        ("don\x92t \x93y\x94\x81", "don\u2019t “y”"),
        ("\x02 a \x03", "a"),
        ("now\x85", "now…"),
        ("é\x0e\n\x0fb", "é\nb"),
        ("👨\u200d👩", "👨\u200d👩"),
    ],
)
def test_control_characters_of_what_was_copied_show_nothing_and_go(pasted: str, kept: str) -> None:
    assert text.checked(pasted, "body", most=100) == kept


def test_lines_and_pages_of_other_programs_are_lines() -> None:
    assert text.checked("a\vb\fc\u2028d", "body", most=100) == "a\nb\nc\nd"
    assert text.one_line("a\vb", "title", most=100) == "a b"


def test_limits_are_said_with_their_number() -> None:
    with pytest.raises(Invalid) as refusal:
        text.checked("x" * 20_001, "body", most=20_000)
    assert "20,000" in refusal.value.fields["body"]
    with pytest.raises(Invalid) as refusal:
        text.checked("  \n ", "body", least=1, most=20_000)
    assert refusal.value.fields["body"]


def test_line_ends_of_every_system_are_one() -> None:
    assert text.checked("a\r\nb\rc\u2028d", "body", most=100) == "a\nb\nc\nd"


def test_a_title_is_one_line() -> None:
    assert text.one_line("  a \n b\tc ", "title", most=100) == "a b c"


def test_texts_of_two_threads_are_never_mixed() -> None:
    texts = [
        f"**{word}** said *{word}*\n\n- {word}\n- > {word}" for word in ("wren", "ash", "fern")
    ]
    alone = [text.render(each) for each in texts]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(6) as crowd:
            together = list(crowd.map(text.render, texts * 100))
    finally:
        sys.setswitchinterval(before)
    assert together == alone * 100
