"""Another word for one that finds nothing: only one of a post that the reader may see.

Each guess looks up as many words, whether there are any or not: what the words of people whom the
reader does not meet are like is told by no suggestion, and by no time.
"""

from collections.abc import Iterator, Sequence
from heapq import nsmallest

from sqlalchemy import bindparam, func, or_, select

from forum.accounts.policy import Viewer
from forum.core.db import at_most, current_connection
from forum.search import vocabulary
from forum.search.analysis import tokens
from forum.search.finding import posts
from forum.search.finding.scope import ReadableGroup
from forum.search.models import SearchWord
from forum.search.query import meaning
from forum.search.query.meaning import Query

WORDS_GUESSED = 3
TRIED = 8
WORDS_LOOKED_AT = 20_000
LONG_FROM = 8  # from so many letters on, two may be wrong
_LAST = "\U0010ffff"


def suggest(viewer: Viewer, query: Query, there: Sequence[ReadableGroup]) -> str:
    """Return the query with other words where they find something; "" where none do."""
    unknown = [word for word in dict.fromkeys(query.words) if not _finds(viewer, word, there)]
    if not 0 < len(unknown) <= WORDS_GUESSED or not all(map(vocabulary.is_suggested, unknown)):
        return ""
    changed = query.text
    for word in unknown:
        other = _guess(viewer, word, there)
        if other is None:
            return ""
        changed = _replaced(changed, word, other)
    if len(changed) > meaning.QUERY_MAX:
        return ""
    return changed if posts.any_found(viewer, meaning.understand(changed), there) else ""


def _guess(viewer: Viewer, word: str, there: Sequence[ReadableGroup]) -> str | None:
    alike = _alike(word, there)
    looked_up = [*alike, *[word] * (TRIED - len(alike))]
    found = [one for one in looked_up if _finds(viewer, one, there)]
    return found[0] if found else None


def _finds(viewer: Viewer, word: str, there: Sequence[ReadableGroup]) -> bool:
    return posts.any_found(viewer, Query(word, words=[word]), there)


def _alike(word: str, there: Sequence[ReadableGroup]) -> list[str]:
    """Return the words most like one, in the groups where somebody looks."""
    most = 2 if len(word) >= LONG_FROM else 1
    distances = ((distance(word, one, most), one) for one in _candidates(word, most, there))
    return [one for far, one in nsmallest(TRIED, distances) if 0 < far <= most]


def _candidates(word: str, most: int, there: Sequence[ReadableGroup]) -> Iterator[str]:
    """Yield words that begin with the first or second letter, and have about as many letters."""
    begins = or_(
        *(SearchWord.word.between(letter, letter + _LAST) for letter in sorted(set(word[:2])))
    )
    found = (
        select(SearchWord.word)
        .where(
            SearchWord.group_id.in_(bindparam("there", expanding=True)),
            begins,
            func.length(SearchWord.word).between(len(word) - most, len(word) + most),
        )
        .distinct()
        .limit(at_most(WORDS_LOOKED_AT))
    )
    letters = set(word)
    rows = current_connection().execute(found, {"there": [group.id for group in there]})
    for (one,) in rows:
        if len(letters.symmetric_difference(one)) <= 2 * most:
            yield one


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters differ, are missing, or change places; above `most`, just more."""
    before, row = list[int](), list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row, above = row, [i], before
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _replaced(query: str, word: str, other: str) -> str:
    """Return a query with another word wherever it has this one, however that is written."""
    pieces, at = [], 0
    for token in tokens.tokens_of(query):
        if token.word == word:
            pieces += [query[at : token.start], other]
            at = token.end
    return "".join([*pieces, query[at:]])
