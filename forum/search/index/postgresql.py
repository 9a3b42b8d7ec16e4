"""PostgreSQL: a table of places with their keys as a tsvector, and a GIN index on it.

GIN knows no order. So common words, which have many entries, are looked for in the latest ones
first, and rare ones in the index.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, cast, column, func, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.types import BigInteger, String

from forum.core.db import current_connection
from forum.search.index.interface import Asked, Hits, Index, Words

LATEST = 2_000
_INDEX = table("search_index", column("place", BigInteger), column("keys", TSVECTOR))
_BETWEEN = _INDEX.c.place.between(
    bindparam("after", type_=BigInteger), bindparam("before", type_=BigInteger)
)
_MATCHES = cast(bindparam("match", type_=String), TSQUERY)


def _all() -> Hits:
    found = select(_INDEX.c.place).where(_INDEX.c["keys"].op("@@")(_MATCHES), _BETWEEN)
    # Materialised: else the planner may walk through all places in search of a rare word.
    hits = found.cte("hits").prefix_with("MATERIALIZED", dialect="postgresql")
    return Hits(hits, hits.c.place)


def _latest() -> Hits:
    latest = (
        select(_INDEX.c.place, _INDEX.c["keys"])
        .where(_BETWEEN)
        .order_by(_INDEX.c.place.desc())
        .limit(LATEST)
        .subquery("latest")
    )
    return Hits(latest, latest.c.place, (latest.c["keys"].op("@@")(_MATCHES),))


class Gin(Index):
    """The index in PostgreSQL."""

    hits = _all()
    latest_hits = _latest()

    def parameters(self, asked: Asked) -> dict[str, Any]:
        """Return what a statement with the hits is given."""
        match = asked.in_words("&", "|", "&!")
        return {"match": match, "after": asked.after, "before": asked.before}

    def contains(self, words: Words, phrase: str) -> ColumnElement[bool]:
        """Condition: these words have the phrase in them, letter by letter."""
        return func.strpos(words, phrase) > 0

    def add(self, place: int, keys: Sequence[str]) -> None:
        """Let all these keys lead to a place."""
        current_connection().execute(_ADD, {"place": place, "keys": list(keys)})

    def remove(self, place: int, keys: Sequence[str]) -> None:  # noqa: ARG002 - not needed here
        """Take a place out."""
        current_connection().execute(_REMOVE, {"place": place})

    def clear(self) -> None:
        """Take everything out."""
        current_connection().exec_driver_sql("TRUNCATE search_index")

    def held(self) -> Iterator[tuple[int, str]]:
        """Yield each place with each key that leads to it; it takes long."""
        after = 0
        while rows := current_connection().execute(_HELD, {"after": after}).all():
            for place, keys in rows:
                yield from ((place, key) for key in keys)
            after = rows[-1].place


_ADD = text(
    "INSERT INTO search_index(place, keys) "
    "VALUES (:place, array_to_tsvector(CAST(:keys AS text[])))"
)
_HELD = text(
    "SELECT place, tsvector_to_array(keys) FROM search_index WHERE place > :after "
    "ORDER BY place LIMIT 1000"
)
_REMOVE = text("DELETE FROM search_index WHERE place = :place")
