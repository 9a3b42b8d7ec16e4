"""Changing or deleting any number of a table's rows, some at a time.

What a piece does makes that its rows are no longer found, unless it says after which key to go on.
"""

from collections.abc import Iterator, Set
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, delete, func, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from forum.core import text
from forum.core.background.jobs.job_types import StepDone, Steps

AT_ONCE = 100
LOOKED_THROUGH_AT_ONCE = 500


def remove(session: Session, table: Table, which: ColumnElement[bool]) -> Steps:
    """Delete the rows of which this is true."""
    for keys in _found(session, table, which):
        session.execute(delete(table).where(_key(table).in_(keys)))
        yield StepDone(len(keys))


def change(session: Session, table: Table, which: ColumnElement[bool], **values: object) -> Steps:
    """Give these values to the rows of which this is true, and then no longer is."""
    for keys in _found(session, table, which):
        session.execute(update(table).where(_key(table).in_(keys)).values(values))
        yield StepDone(len(keys))


def count(session: Session, table: Table, which: ColumnElement[bool]) -> int:
    """Return of how many rows this is true."""
    return session.execute(select(func.count()).select_from(table).where(which)).scalar_one()


def take_name_out(
    session: Session,
    columns: tuple[InstrumentedAttribute[str], ...],
    name: str,
    new: str,
    after: tuple[int, ...],
    others: Set[str],
) -> Steps:
    """Write `new` for @name (folded) in columns of words; the key is which column, and its row.

    `others` are longer names that begin with this one.
    """
    first, key = (after[0], after[1:]) if after else (0, ())
    for place, column in enumerate(columns[first:], start=first):
        table = column.class_.__table__
        words = table.c[column.key]
        for last, rows in naming(session, table, key, words):
            for row in rows:
                renamed = text.renamed(row[0], name, new, others)[: words.type.length]
                if renamed != row[0]:
                    mine = _key(table).in_([tuple(row[1:])])
                    session.execute(update(table).where(mine).values({words.name: renamed}))
            yield StepDone(1, (place, *last) if last else (place + 1,))
        key = ()


def naming(
    session: Session, table: Table, after: tuple[int, ...], *words: ColumnElement[Any]
) -> Iterator[tuple[tuple[int, ...], list[Row[Any]]]]:
    """Go through a table in the order of its key: yield up to which, and the rows that hold an @.

    A row is its words and then its key; the last yield names no key. No index finds such rows, so
    all are looked through.
    """
    holds = func.coalesce(words[0], "").contains("@")
    for other in words[1:]:
        holds = holds | func.coalesce(other, "").contains("@")
    key = list(table.primary_key)
    while True:
        ahead = select(*key).order_by(*key)
        if after:
            ahead = ahead.where(_key(table) > tuple_(*after))
        last = session.execute(ahead.offset(LOOKED_THROUGH_AT_ONCE - 1).limit(1)).first()
        rows = select(*words, *key).where(holds).order_by(*key)
        rows = rows.where(_key(table) > tuple_(*after)) if after else rows
        rows = rows.where(_key(table) <= tuple_(*last)) if last else rows
        found = list(session.execute(rows))
        if last is None:
            # The end: what comes behind it meanwhile was written when the name was gone already.
            yield (), found
            return
        after = tuple(last)
        yield after, found


def _found(
    session: Session, table: Table, which: ColumnElement[bool]
) -> Iterator[list[tuple[Any, ...]]]:
    key = list(table.primary_key)
    some = select(*key).where(which).limit(AT_ONCE)
    while keys := [tuple(row) for row in session.execute(some)]:
        yield keys


def _key(table: Table) -> Any:
    return tuple_(*table.primary_key)
