"""Threads of a group with a title like the one that somebody is writing."""

from typing import Any

from forum.accounts.policy import Viewer
from forum.search.analysis import stems, tokens
from forum.search.finding import threads
from forum.search.index.interface import Asked
from forum.search.models import THREAD

SHOWN_MAX = 3
COMPARED = 200
WORDS_MAX = 12
LEAST = 0.5  # of the words that say what a title is about


def similar(viewer: Viewer, group_id: int, title: str) -> list[Any]:
    """Return the visible threads of a group most like a title; of equals, the latest."""
    words = _telling(title)
    if not words:
        return []
    forms = [stems.forms_asked(word) for word in words]
    any_of = tuple(dict.fromkeys(form for each in forms for form in each))
    found = threads.with_titles(viewer, Asked(THREAD, [group_id], (any_of,)), COMPARED)
    scored = [(_shared(forms, row), row) for row in found]
    alike = [(score, row) for score, row in scored if score >= max(1, LEAST * len(words))]
    alike.sort(key=lambda scored_row: -scored_row[0])
    return [row for _score, row in alike[:SHOWN_MAX]]


def _telling(title: str) -> list[str]:
    """Return the words of a title without small ones."""
    words = dict.fromkeys(tokens.words_of(title))
    return [word for word in words if not stems.is_small(word)][:WORDS_MAX]


def _shared(forms: list[tuple[str, ...]], row: Any) -> int:
    have = {form for word in row.words.split() for form in stems.forms_in(word, row.language)}
    return sum(not have.isdisjoint(each) for each in forms)
