"""Small snapshots written by hand, of the shape that `activity/snapshot.py` writes."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
MOMENT = pa.timestamp("us", tz="UTC")
EVENTS = pa.schema(
    [
        ("kind", pa.string()), ("at", MOMENT), ("participant", pa.int64()),
        ("group_id", pa.int64()), ("thread_id", pa.int64()), ("post_id", pa.int64()),
        ("meeting_id", pa.int64()), ("replied_to", pa.int64()), ("words", pa.int32()),
        ("minutes_since", pa.float64()), ("to_newcomer", pa.bool_()), ("reaction", pa.string()),
        ("seconds_low", pa.float64()), ("seconds_high", pa.float64()),
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


def event(kind: str, participant: int, days: float = 0, **fields: Any) -> dict[str, Any]:
    """Return an event, some days after the study's beginning."""
    return {"kind": kind, "participant": participant, "at": BEGIN + timedelta(days=days)} | fields


def person(participant: int, days: float = 0, **fields: Any) -> dict[str, Any]:
    """Return a participant who joined some days after the study's beginning."""
    joined = BEGIN + timedelta(days=days)
    clauses = dict.fromkeys(("record", "past", "share", "contact"), True)
    return {
        "participant": participant, "consented_at": joined, "joined_at": joined,
        "consent_version": 1, "groups": 1, **clauses, **fields,
    }  # fmt: skip


def written(
    folder: Path, people: Iterable[Mapping[str, Any]], events: Iterable[Mapping[str, Any]]
) -> Path:
    """Write a snapshot's two files into a folder, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows, schema in (
        ("events", events, EVENTS),
        ("participants", people, PARTICIPANTS),
    ):
        full = [{column: row.get(column) for column in schema.names} for row in rows]
        pq.write_table(pa.Table.from_pylist(full, schema=schema), folder / f"{name}.parquet")
    return folder
