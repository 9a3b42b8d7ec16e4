"""The best first: posts in which the words are often, near each other, and for their length.

Only the newest that are found are compared, so it takes the same time for common words.
"""

from collections import Counter
from collections.abc import Sequence, Set
from itertools import pairwise
from typing import Any

from forum.search.finding.matching import Wanted
from forum.search.query.meaning import Query
from forum.search.sources import BETWEEN

SATURATES_AT = 1.2  # as in BM25: the third time that a word is said counts less than the second
USUAL_WORDS = 80
TITLE_COUNTS = 2.0
WORDS_COMPARED = 1_000  # of each


def in_order(query: Query, hits: Sequence[Any]) -> list[Any]:
    """Return hits, the best first; of equals, the newest."""
    wanted = Wanted(query.forms)
    return sorted(hits, key=lambda hit: (-_score(wanted, hit), -hit.place))


def _score(wanted: Wanted, hit: Any) -> float:
    title, _, said = hit.words.rpartition(f" {BETWEEN} ")
    named = _meant(wanted, title.split(), hit.language)
    words = said.split(maxsplit=WORDS_COMPARED)[:WORDS_COMPARED]
    meant = _meant(wanted, words, hit.language)
    length = 0.25 + 0.75 * len(words) / USUAL_WORDS
    counts = Counter(nth for _at, nths in meant for nth in nths)
    often = sum(n / (n + SATURATES_AT * length) for n in counts.values())
    in_title = len(set[int]().union(*(nths for _at, nths in named))) * TITLE_COUNTS
    return often + in_title + len(_together(meant))


def _together(meant: Sequence[tuple[int, Set[int]]]) -> set[int]:
    """Return which words of the query are said right before the one that follows them there."""
    return {
        nth
        for (at, one), (next_at, other) in pairwise(meant)
        if next_at == at + 1
        for nth in one
        if nth + 1 in other
    }


def _meant(wanted: Wanted, words: Sequence[str], language: str) -> list[tuple[int, Set[int]]]:
    """Return where in a text words of the query are, and which."""
    found = ((at, wanted.which(word, language)) for at, word in enumerate(words))
    return [(at, nths) for at, nths in found if nths]
