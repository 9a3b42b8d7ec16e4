"""SQLite: an FTS5 table of keys alone, whose rows come back in the order of their places.

It keeps no text and no positions. With `secure-delete`, what is taken out is gone from its pages;
with `detail=none` as well, SQLite would lose rows that are written beside one that is replaced.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import ColumnElement, bindparam, column, func, table, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.types import BigInteger, String

from forum.core.db import current_connection
from forum.search.index.interface import Asked, Hits, Index, Words

_INDEX = table("search_index", column("rowid", BigInteger), column("search_index", String))
_PLACE = _INDEX.c.rowid
_ADD = text("INSERT INTO search_index(rowid, keys) VALUES (:place, :keys)")
_REMOVE = text(
    "INSERT INTO search_index(search_index, rowid, keys) VALUES ('delete', :place, :keys)"
)


_HITS = Hits(
    _INDEX,
    _PLACE,
    (
        _INDEX.c.search_index.op("MATCH")(bindparam("match", type_=String)),
        _PLACE.between(bindparam("after", type_=BigInteger), bindparam("before", type_=BigInteger)),
    ),
)


class Fts5(Index):
    """The index in SQLite."""

    hits = _HITS

    def parameters(self, asked: Asked) -> dict[str, Any]:
        """Return what a statement with the hits is given."""
        match = asked.in_words(" AND ", " OR ", " NOT ")
        return {"match": match, "after": asked.after, "before": asked.before}

    def contains(self, words: Words, phrase: str) -> ColumnElement[bool]:
        """Condition: these words have the phrase in them, letter by letter."""
        return func.instr(words, phrase) > 0

    def add(self, place: int, keys: Sequence[str]) -> None:
        """Let all these keys lead to a place."""
        current_connection().execute(_ADD, {"place": place, "keys": " ".join(keys)})

    def remove(self, place: int, keys: Sequence[str]) -> None:
        """Take a place out, which these keys lead to."""
        current_connection().execute(_REMOVE, {"place": place, "keys": " ".join(keys)})

    def clear(self) -> None:
        """Take everything out. Its pages are not overwritten at once, which would take seconds:
        what they hold is made again, and of what was erased before, there is nothing left in them.
        """
        connection = current_connection()
        connection.exec_driver_sql("PRAGMA secure_delete=FAST")
        try:
            connection.exec_driver_sql(
                "INSERT INTO search_index(search_index) VALUES ('delete-all')"
            )
        finally:
            connection.exec_driver_sql("PRAGMA secure_delete=ON")

    def held(self) -> Iterator[tuple[int, str]]:
        """Yield each place with each key that leads to it; where it is damaged, what can be read.

        It takes long.
        """
        connection = current_connection()
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_index_keys "
            "USING fts5vocab(main, search_index, instance)"
        )
        with suppress(DatabaseError):
            for row in connection.exec_driver_sql("SELECT doc, term FROM temp.search_index_keys"):
                yield row[0], row[1]

    def tidy(self) -> None:
        """Join what many steps have left in many pieces."""
        current_connection().exec_driver_sql(
            "INSERT INTO search_index(search_index, rank) VALUES ('merge', 500)"
        )
