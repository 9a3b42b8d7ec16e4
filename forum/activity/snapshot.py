"""A study's record as two Parquet files; measures and releases read nothing else."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet
from sqlalchemy import Select, select

from forum.activity.models import ActivityEvent
from forum.core.db import reading, snapshot

AT_ONCE = 20_000
MOMENT = pa.timestamp("us", tz="UTC")
EVENTS = pa.schema(
    [
        ("kind", pa.string()), ("at", MOMENT), ("participant", pa.int64()),
        ("group_id", pa.int32()), ("thread_id", pa.int32()), ("post_id", pa.int32()),
        ("meeting_id", pa.int32()), ("replied_to", pa.int64()), ("words", pa.int32()),
        ("minutes_since", pa.float64()), ("to_newcomer", pa.bool_()), ("reaction", pa.string()),
        ("seconds_low", pa.float64()), ("seconds_high", pa.float64()), ("posts_seen", pa.int32()),
        ("minutes_present", pa.float64()), ("turns", pa.int32()),
    ]
)  # fmt: skip
PARTICIPANTS = pa.schema(
    [
        ("participant", pa.int64()), ("consented_at", MOMENT), ("consent_version", pa.int32()),
        ("record", pa.bool_()), ("past", pa.bool_()), ("share", pa.bool_()),
        ("contact", pa.bool_()), ("joined_at", MOMENT), ("left_at", MOMENT),
        ("groups", pa.int32()),
    ]
)  # fmt: skip
_COLUMNS = [getattr(ActivityEvent, name) for name in EVENTS.names]


def write(folder: Path, participants: Select[*tuple[Any, ...]], keys: Select[*tuple[int]]) -> None:
    """Write `events.parquet` and `participants.parquet` as they are at one moment.

    `participants` gives the columns of PARTICIPANTS, `keys` those whose events are meant. Rows
    are written in batches, so that memory is bounded. Raises OSError; nothing is left half-written.
    """
    events = (
        select(*_COLUMNS)
        .where(ActivityEvent.participant.in_(keys))
        .order_by(ActivityEvent.at, ActivityEvent.id)
    )
    with snapshot():
        _write(folder / "participants.parquet", PARTICIPANTS, _rows(participants))
        _write(folder / "events.parquet", EVENTS, _rows(events))


def _rows(statement: Select[*tuple[Any, ...]]) -> Iterator[list[Mapping[str, Any]]]:
    found = reading().execute(statement, execution_options={"yield_per": AT_ONCE})
    for some in found.mappings().partitions():
        yield [dict(row) for row in some]


def _write(path: Path, schema: Any, batches: Iterable[list[Mapping[str, Any]]]) -> None:
    unfinished = path.with_suffix(".part")
    try:
        with parquet.ParquetWriter(unfinished, schema) as writer:
            for rows in batches:
                writer.write_table(pa.Table.from_pylist(rows, schema=schema))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
