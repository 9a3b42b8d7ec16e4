"""How far people have read, as the database keeps it: a mark, and ranges of what lies beyond it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.types import Integer

from forum.core.cooperative_yielding import in_batches
from forum.core.db import AnyRow, current_connection
from forum.threads.events import PostsRead
from forum.threads.reader.models import ReadPosition, ReadRange
from forum.threads.reader.read_ranges import Position, Range

ReaderKey = tuple[int, int]  # somebody's id, and a thread's

_IDS = bindparam("ids", type_=Integer, expanding=True)
_ACCOUNTS = bindparam("accounts", type_=Integer, expanding=True)
_KEY = (ReadPosition.account_id, ReadPosition.thread_id)
# PostgreSQL's words for "insert or update" are SQLite's, too.
_INSERT = insert(ReadPosition)
_ADVANCE = _INSERT.on_conflict_do_update(
    index_elements=_KEY,
    set_={"number": _INSERT.excluded.number},
    where=_INSERT.excluded.number > ReadPosition.number,
)
_SET = _INSERT.on_conflict_do_update(
    index_elements=_KEY,
    set_={name: _INSERT.excluded[name] for name in ("number", "following", "unfollowed")},
)
_ADD_RANGE = insert(ReadRange).on_conflict_do_nothing()
_DELETE_RANGES = delete(ReadRange).where(
    ReadRange.account_id == bindparam("account"), ReadRange.thread_id == bindparam("thread")
)


def _of(table: Any, *columns: Any) -> Any:
    return select(table.account_id, table.thread_id, *columns)


_POSITIONS, _RANGES = (
    _of(ReadPosition, ReadPosition.number),
    _of(ReadRange, ReadRange.first, ReadRange.last),
)
_POSITIONS_OF = (
    _POSITIONS.where(ReadPosition.account_id.in_(_ACCOUNTS), ReadPosition.thread_id.in_(_IDS))
    .order_by(*_KEY)
    .with_for_update()
)
_RANGES_OF = _RANGES.where(ReadRange.account_id.in_(_ACCOUNTS), ReadRange.thread_id.in_(_IDS))
_RANGES_OF_ONE = select(ReadRange.first, ReadRange.last).where(
    ReadRange.account_id == bindparam("account"), ReadRange.thread_id == bindparam("thread")
)


def load_position(account_id: int | None, thread_id: int, mark: int | None, last: int) -> Position:
    """Return what somebody has read of a thread whose last number is `last`, given their mark."""
    ranges: Sequence[AnyRow] = []
    if account_id is not None and mark is not None and mark < last:
        ranges = (
            current_connection()
            .execute(_RANGES_OF_ONE, {"account": account_id, "thread": thread_id})
            .all()
        )
    return Position(mark or 0).read(*((row.first, row.last) for row in ranges))


def add_read_posts(connection: Connection, readings: Collection[PostsRead]) -> None:
    """Add what people have read now; their marks are held until the end."""
    places = {(one.account_id, one.thread_id): one.ranges for one in readings}
    accounts, threads = ({*some} for some in zip(*places, strict=True))
    asked = {"accounts": list(accounts), "ids": list(threads)}
    before = _combine(
        connection.execute(_POSITIONS_OF, asked), connection.execute(_RANGES_OF, asked)
    )
    after = {place: before.get(place, Position()).read(*new) for place, new in places.items()}
    connection.execute(_ADVANCE, _as_rows(after))
    _replace_ranges(
        connection,
        {
            place: position
            for place, position in after.items()
            if position.ranges != before.get(place, Position()).ranges
        },
    )


class ReaderState(NamedTuple):
    """What somebody has read of a thread, and whether they follow it or have stopped to."""

    position: Position
    following: bool
    unfollowed: bool


def readers_of(session: Session, thread_ids: Collection[int]) -> dict[int, dict[int, ReaderState]]:
    """Return what everybody has read of these threads, by account and thread."""
    here, connection = {"ids": list(thread_ids)}, session.connection()
    wanted = _of(ReadPosition, ReadPosition.number, ReadPosition.following, ReadPosition.unfollowed)
    marks = connection.execute(wanted.where(ReadPosition.thread_id.in_(_IDS)), here).all()
    positions = _combine(
        (mark[:3] for mark in marks),
        connection.execute(_RANGES.where(ReadRange.thread_id.in_(_IDS)), here),
    )
    readers: dict[int, dict[int, ReaderState]] = defaultdict(dict)
    for account_id, thread_id, _, following, unfollowed in marks:
        position = positions[account_id, thread_id]
        readers[account_id][thread_id] = ReaderState(position, following, unfollowed)
    return readers


def replace_positions(session: Session, thread_id: int, readers: Mapping[int, ReaderState]) -> None:
    """Set what all readers of a thread have read of it, and whether they follow it.

    Others go on in between.
    """
    connection = session.connection()
    connection.execute(delete(ReadRange).where(ReadRange.thread_id == thread_id))
    for some in in_batches([*readers.items()]):
        places = {(account_id, thread_id): one.position for account_id, one in some}
        watch = [{"following": one.following, "unfollowed": one.unfollowed} for _, one in some]
        rows = zip(_as_rows(places), watch, strict=True)
        connection.execute(_SET, [row | watches for row, watches in rows])
        _replace_ranges(connection, places)


def _combine(marks: Iterable[Any], ranges: Iterable[Any]) -> dict[ReaderKey, Position]:
    beyond: dict[ReaderKey, list[Range]] = defaultdict(list)
    for account_id, thread_id, first, last in ranges:
        beyond[account_id, thread_id].append((first, last))
    return {
        (account_id, thread_id): Position(number).read(*beyond[account_id, thread_id])
        for account_id, thread_id, number in marks
    }


def _as_rows(positions: Mapping[ReaderKey, Position]) -> list[dict[str, int]]:
    return [
        {"account_id": account_id, "thread_id": thread_id, "number": position.number}
        for (account_id, thread_id), position in positions.items()
    ]


def _replace_ranges(connection: Connection, positions: Mapping[ReaderKey, Position]) -> None:
    """Store these ranges in those places, and no others."""
    if positions:
        gone = [{"account": account_id, "thread": thread_id} for account_id, thread_id in positions]
        connection.execute(_DELETE_RANGES, gone)
    if kept := [
        {"account_id": account_id, "thread_id": thread_id, "first": first, "last": last}
        for (account_id, thread_id), position in positions.items()
        for first, last in position.ranges
    ]:
        connection.execute(_ADD_RANGE, kept)
