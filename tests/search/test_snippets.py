"""Some words of a post around those that were looked for: where they begin, end and are marked."""

from collections.abc import Sequence

import pytest

from forum.search.finding import snippets
from forum.search.query import meaning

FILLER = "and so the night went on "


def forms(words: str) -> Sequence[Sequence[str]]:
    """Return the forms of words that are looked for."""
    return meaning.understand(words).forms


def test_a_short_text_is_there_as_a_whole_and_as_text() -> None:
    shown = snippets.snippet("A <b>lantern</b> & bread", forms("lantern"))
    assert shown == "A &lt;b&gt;<mark>lantern</mark>&lt;/b&gt; &amp; bread"


def test_a_long_text_begins_shortly_before_the_first_word_and_ends_behind_a_word() -> None:
    said = FILLER * 20 + "a lantern shone " + FILLER * 20
    shown = str(snippets.snippet(said, forms("lantern")))
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    before, after = shown.strip("… ").split("<mark>lantern</mark>")
    assert 0 < len(before) <= snippets.BEFORE
    assert len(before) + len("lantern") + len(after) <= snippets.LENGTH
    assert {*before.split(), *after.split()} <= {*FILLER.split(), "a", "shone"}


def test_a_word_without_end_is_shown_from_its_beginning() -> None:
    said = "x" * 300 + " lantern"
    assert str(snippets.snippet(said, forms("lantern"))) == "… <mark>lantern</mark>"


def test_what_is_found_behind_the_end_is_not_shown() -> None:
    said = "lantern " + FILLER * 20 + "lantern"
    assert str(snippets.snippet(said, forms("lantern"))).count("<mark>") == 1


@pytest.mark.parametrize(
    ("words", "asked", "marked"),
    [
        ("眠れない夜", "眠れない", "<mark>眠れない</mark>夜"),
        ("夜は眠れない。眠れない", "眠れない", "夜は<mark>眠れない</mark>。<mark>眠れない</mark>"),
    ],
)
def test_pairs_of_characters_that_overlap_are_marked_together(
    words: str, asked: str, marked: str
) -> None:
    assert str(snippets.mark(words, forms(asked))) == marked
