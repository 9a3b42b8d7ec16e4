"""A study's record as two Parquet files; measures and releases read nothing else."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet
from sqlalchemy import Select, select

from forum.activity.models import ActivityEvent
from forum.core.db import current_connection, snapshot

AT_ONCE = 20_000
MOMENT = pa.timestamp("us", tz="UTC")
EVENTS = pa.schema(
    [
        ("kind", pa.string()),
        ("at", MOMENT),
        ("participant", pa.int64()),
        ("group_id", pa.int32()),
        ("thread_id", pa.int32()),
        ("post_id", pa.int32()),
        ("meeting_id", pa.int32()),
        ("previous_author", pa.int64()),
        ("words", pa.int32()),
        ("minutes_since", pa.float64()),
        ("to_newcomer", pa.bool_()),
        ("reaction", pa.string()),
        ("seconds_low", pa.float64()),
        ("seconds_high", pa.float64()),
        ("posts_seen", pa.int32()),
        ("minutes_present", pa.float64()),
        ("turns", pa.int32()),
    ]
)
PARTICIPANTS = pa.schema(
    [
        ("participant", pa.int64()),
        ("consented_at", MOMENT),
        ("consent_version", pa.int32()),
        ("record", pa.bool_()),
        ("past", pa.bool_()),
        ("share", pa.bool_()),
        ("events", pa.bool_()),
        ("linkage", pa.bool_()),
        ("contact", pa.bool_()),
        ("joined_at", MOMENT),
        ("left_at", MOMENT),
        ("over_at", MOMENT),
        ("groups", pa.int32()),
        ("joining_known", pa.bool_()),
        ("zone", pa.string()),
    ]
)
_COLUMNS = [getattr(ActivityEvent, name) for name in EVENTS.names]


def write(folder: Path, participants: Select[*tuple[Any, ...]], keys: Select[*tuple[int]]) -> None:
    """Write `events.parquet` and `participants.parquet` as they are at one moment.

    `participants` gives the columns of PARTICIPANTS, `keys` the participants whose events are
    meant. Rows are written in batches as they come, in no order, so memory is bounded. Raises
    OSError; nothing is left half-written.
    """
    # Most of the record is read: from start to end, not person by person (`+ 0`).
    events = select(*_COLUMNS).where((ActivityEvent.participant + 0).in_(keys))
    with snapshot():
        _write(folder / "participants.parquet", PARTICIPANTS, participants)
        _write(folder / "events.parquet", EVENTS, events)


def _write(path: Path, schema: Any, statement: Select[*tuple[Any, ...]]) -> None:
    unfinished = path.with_suffix(".part")
    try:
        with parquet.ParquetWriter(unfinished, schema) as writer:
            for batch in _batches(statement, schema):
                writer.write_batch(batch)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _batches(statement: Select[*tuple[Any, ...]], schema: Any) -> Iterator[Any]:
    """Yield a statement's rows as columns, straight from the driver.

    Rows as objects, with a Python call for each moment, cost six times as much.
    """
    asked = current_connection().execution_options(stream_results=True)
    words = statement.compile(asked.engine, compile_kwargs={"literal_binds": True})
    found = asked.exec_driver_sql(str(words))
    while rows := found.fetchmany(AT_ONCE):
        columns = [
            _column(values, kind)
            for values, kind in zip(zip(*rows, strict=True), schema.types, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(columns, schema=schema)


def _column(values: Sequence[Any], kind: Any) -> Any:
    """Return values as a column; SQLite gives moments as text without a zone, which are UTC."""
    given = pa.array(values)
    if pa.types.is_timestamp(kind) and pa.types.is_string(given.type):
        return pc.assume_timezone(given.cast(pa.timestamp("us")), "UTC")
    return given.cast(kind)
