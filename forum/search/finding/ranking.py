"""The best first: posts in which the words are often, near each other, and for their length.

Only the newest that are found are compared, so it takes the same time for common words.
"""

from collections.abc import Sequence, Set
from itertools import pairwise
from typing import Any

from forum.search.analysis import stems
from forum.search.query.meaning import Query
from forum.search.sources import BETWEEN

SATURATES_AT = 1.2  # as in BM25: the third time that a word is said counts less than the second
USUAL_WORDS = 80
TITLE_COUNTS = 2.0
_NONE: frozenset[int] = frozenset()


def in_order(query: Query, hits: Sequence[Any]) -> list[Any]:
    """Return hits, the best first; of equals, the newest."""
    return sorted(hits, key=lambda hit: (-_score(query, hit), -hit.place))


def _score(query: Query, hit: Any) -> float:
    title, _, said = hit.words.rpartition(f" {BETWEEN} ")
    named, listed = _meant(query, title, hit.language), _meant(query, said, hit.language)
    length = 0.25 + 0.75 * len(listed) / USUAL_WORDS
    counts = [sum(nth in each for each in listed) for nth in range(len(query.forms))]
    often = sum(n / (n + SATURATES_AT * length) for n in counts)
    in_title = len(set().union(*named)) * TITLE_COUNTS
    together = {(a, b) for one, two in pairwise(listed) for a in one for b in two if b == a + 1}
    return often + in_title + len(together)


def _meant(query: Query, words: str, language: str) -> list[Set[int]]:
    """Return for each word of a text which words of the query it is."""
    known: dict[str, Set[int]] = {}
    for word in set(words.split()):
        found = stems.forms_in(word, language)
        nths = [nth for nth, asked in enumerate(query.forms) if any(f in asked for f in found)]
        known[word] = frozenset(nths) if nths else _NONE
    return [known[word] for word in words.split()]
