"""Whether the index holds what it is to hold: all that is published, and nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from zlib import crc32

from sqlalchemy import Select, select

from forum.core.db import at_most, current_connection, release_session
from forum.search import index, indexing, sources
from forum.search.models import POST, THREAD, SearchEntry, SearchWord
from forum.threads.models import Post, Thread

AT_ONCE = 500
MISSING, OUT_OF_DATE, WRONG_KEYS, LEFT_OVER = "missing", "out of date", "wrong keys", "left over"
KEYS, WORD = "keys", "word"


class Difference(NamedTuple):
    """What is wrong with the entry of a post or of a thread's title.

    Of `KEYS` that lead nowhere, `ref_id` is their place; of a `WORD` that nobody says, its group.
    """

    what: str
    kind: str
    ref_id: int


def differences() -> Iterator[Difference]:
    """Yield each difference between the forum and the index. What changes meanwhile may be one."""
    release_session()
    held = _sums(index.current().held())
    said = set[tuple[int, str]]()
    room = indexing.PLACES_A_SECOND + 2 * indexing.count()
    for kind, table in ((POST, Post), (THREAD, Thread)):
        for ids in _batches(select(table.id).order_by(table.id), table.id):
            entries = {entry.ref_id: entry for entry in _entries(kind, ids)}
            yield from _of(kind, ids, entries, held, room)
            for entry in entries.values() if kind == POST else ():
                said.update((entry.group_id, word) for word in sources.list_words(entry.words))
    yield from _left_over(held)
    yield from _unsaid(said)


def _of(
    kind: str, ids: Sequence[int], entries: dict[int, Any], held: dict[int, int], room: int
) -> Iterator[Difference]:
    rows = sources.rows_of(kind, ids)
    for id_ in ids:
        source, entry = sources.source_of(kind, rows.get(id_)), entries.get(id_)
        found = held.pop(entry.place, 0) if entry is not None else 0
        if source is None and entry is not None:
            yield Difference(LEFT_OVER, kind, id_)
        elif source is not None and entry is None:
            yield Difference(MISSING, kind, id_)
        elif source is not None and entry is not None:
            late = entry.place - max(1, indexing.place_at(source.at))
            if not indexing.is_up_to_date(entry, source) or not 0 <= late <= room:
                yield Difference(OUT_OF_DATE, kind, id_)
            elif found != _sum(sources.keys_of(entry)):
                yield Difference(WRONG_KEYS, kind, id_)


def _sums(held: Iterable[tuple[int, str]]) -> dict[int, int]:
    sums = defaultdict[int, int](int)
    for place, key in held:
        sums[place] += crc32(key.encode())
    return sums


def _sum(keys: Iterable[str]) -> int:
    return sum(crc32(key.encode()) for key in keys)


def _left_over(held: dict[int, int]) -> Iterator[Difference]:
    """Yield entries of what is no longer in the forum at all, and keys without an entry."""
    for kind, table in ((POST, Post), (THREAD, Thread)):
        gone = (
            select(SearchEntry.ref_id, SearchEntry.place)
            .outerjoin(table, table.id == SearchEntry.ref_id)
            .where(SearchEntry.kind == kind, table.id.is_(None))
            .order_by(SearchEntry.ref_id)
        )
        for ref_id, place in current_connection().execute(gone).all():
            held.pop(place, 0)
            yield Difference(LEFT_OVER, kind, ref_id)
    yield from (Difference(LEFT_OVER, KEYS, place) for place in held)


def _unsaid(said: set[tuple[int, str]]) -> Iterator[Difference]:
    """Yield the groups of words that are known and that nobody has said."""
    known = select(SearchWord.group_id, SearchWord.word)
    for group_id, word in current_connection().execute(known).all():
        if (group_id, word) not in said:
            yield Difference(LEFT_OVER, WORD, group_id)


def _entries(kind: str, ids: Sequence[int]) -> Sequence[Any]:
    table = SearchEntry.__table__
    found = select(table).where(table.c.kind == kind, table.c.ref_id.in_(ids))
    return current_connection().execute(found).all()


def _batches(found: Select[Any], column: Any) -> Iterator[Sequence[int]]:
    after = 0
    while True:
        release_session()
        some = found.where(column > after).limit(at_most(AT_ONCE))
        ids = current_connection().scalars(some).all()
        if not ids:
            return
        yield ids
        after = ids[-1]
