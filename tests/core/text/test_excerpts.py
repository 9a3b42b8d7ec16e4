"""The first words of a post in a list: those that its reader would read first, at no great cost."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from forum.core import text

WORDS = st.text(st.sampled_from("a <>&\"'*_`>\n-@.é漢"), max_size=400)


@given(WORDS, st.integers(1, 60))
def test_an_excerpt_is_the_beginning_of_what_is_read(body: str, most: int) -> None:
    html = text.render(body)
    read = Markup(html).striptags()  # noqa: S704 - nobody is shown it
    shown = text.excerpt(html, most)
    whole = shown == read
    assert whole or (shown.endswith("…") and read.startswith(shown[:-1].rstrip()))
    assert len(shown) <= most + 1


@pytest.mark.parametrize("shape", ["<em>{}</em>", "&lt;{}", '<a href="/members/@{0}">{0}</a> '])
def test_long_html_costs_no_more_than_its_beginning(shape: str) -> None:
    html = "".join(shape.format(number) for number in range(6_000))

    def seconds(html: str) -> float:
        began = time.process_time()
        for _ in range(20):
            text.excerpt(html, 200)
        return time.process_time() - began

    seconds(html)
    assert seconds(html) < 5 * seconds(html[: len(html) // 10]) + 0.02


def test_nothing_is_cut_off_inside_a_tag_or_a_sign() -> None:
    html = f'<p>{"&quot;" * 30}<a href="/members/@wren">@wren</a>{"&amp;" * 300}</p>'
    for most in range(1, 60):
        shown = text.excerpt(html, most)
        assert set(shown) <= set('"@wren&…')
        assert not shown.rstrip("…").endswith("&a")
