"""Whether the index holds what it is to hold: all that is published, and nothing else."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from forum.core.db import at_most, current_connection, release_session
from forum.search import index, indexing, sources
from forum.search.index.interface import Asked
from forum.search.models import POST, THREAD, SearchEntry
from forum.threads.models import Post, Thread

AT_ONCE = 500
MISSING, OUT_OF_DATE, NOT_FOUND, LEFT_OVER = "missing", "out of date", "not found", "left over"


class Difference(NamedTuple):
    """What is wrong with the entry of a post or of a thread's title."""

    what: str
    kind: str
    ref_id: int


def differences() -> Iterator[Difference]:
    """Yield each difference between the forum and the index."""
    for kind, table in ((POST, Post), (THREAD, Thread)):
        for ids in _batches(select(table.id).order_by(table.id), table.id):
            yield from _of(kind, ids)
    yield from _left_over()


def _of(kind: str, ids: Sequence[int]) -> Iterator[Difference]:
    rows = sources.rows_of(kind, ids)
    entries = {entry.ref_id: entry for entry in _entries(kind, ids)}
    for id_ in ids:
        source, entry = sources.source_of(kind, rows.get(id_)), entries.get(id_)
        if source is None and entry is not None:
            yield Difference(LEFT_OVER, kind, id_)
        elif source is not None and entry is None:
            yield Difference(MISSING, kind, id_)
        elif source is not None and entry is not None:
            if not indexing.is_up_to_date(entry, source):
                yield Difference(OUT_OF_DATE, kind, id_)
            elif not _is_found(entry):
                yield Difference(NOT_FOUND, kind, id_)


def _left_over() -> Iterator[Difference]:
    """Yield entries of what is no longer in the forum at all."""
    for kind, table in ((POST, Post), (THREAD, Thread)):
        gone = (
            select(SearchEntry.ref_id)
            .outerjoin(table, table.id == SearchEntry.ref_id)
            .where(SearchEntry.kind == kind, table.id.is_(None))
            .order_by(SearchEntry.ref_id)
        )
        for (ref_id,) in current_connection().execute(gone).all():
            yield Difference(LEFT_OVER, kind, ref_id)


def _is_found(entry: Any) -> bool:
    """Whether the longest words of an entry lead to its place."""
    here = index.current()
    words = sorted(set(sources.list_words(entry.words)), key=lambda word: (-len(word), word))[:3]
    forms = tuple((sources.form_of(word, entry.language),) for word in words)
    asked = Asked(entry.kind, [entry.group_id], forms, (), entry.place, entry.place)
    found = select(here.hits.place).select_from(here.hits.table).where(*here.hits.conditions)
    return current_connection().execute(found, here.parameters(asked)).first() is not None


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
