"""A word of a text is known as one that was looked for, by its beginning and then by its forms."""

import time
from random import Random
from types import SimpleNamespace

import pytest

from forum.search.analysis import stems, tokens
from forum.search.finding import ranking, snippets
from forum.search.finding.matching import Wanted
from forum.search.query import meaning

TEXTS = {
    "en": "dying die lying hoped hoping happily happier skies possibility running guessed doesn't",
    "de": "Nächte Häuser Ärzte Ärztinnen gegangen Straßen müde Müdigkeit bauen zuerst Haeuser",
    "es": "noches lápices durmiendo medicamentos pingüinos canciones vergüenza actúa puedas",
    "": "睡眠薬 眠れない العربية والكتاب للكتاب ובבית нет Бессонница ไม่หลับ 병원에",
}


@pytest.mark.parametrize("language", TEXTS)
def test_no_form_is_missed_for_its_beginning(language: str) -> None:
    words = tokens.words_of(" ".join(TEXTS.values()))
    for asked in words:
        wanted = Wanted([stems.forms_asked(asked)])
        for word in words:
            is_it = not set(stems.forms_in(word, language)).isdisjoint(stems.forms_asked(asked))
            assert bool(wanted.which(word, language)) == is_it, (asked, word)


def test_long_posts_take_no_longer_than_they_are_worth() -> None:
    random = Random(5)
    said = ["".join(random.choices("abcdefgh", k=4)) for _ in range(4_000)]
    hits = [
        SimpleNamespace(place=place, words=f" {' '.join(said)} sleep ", language="en")
        for place in range(200)
    ]
    query = meaning.understand(" ".join(["sleep", *said[:25]]))
    began = time.process_time()
    assert ranking.in_order(query, hits)[0].place == 199
    assert time.process_time() - began < 2  # it was ten


def test_a_snippet_begins_shortly_before_the_first_word() -> None:
    said = f"{'Other words. ' * 900} I sleep badly {'and so on ' * 50}"
    shown = snippets.snippet(said, [("sleep",)])
    assert "<mark>sleep</mark> badly" in shown
    assert shown.startswith("… ")
    assert len(shown) < 400
