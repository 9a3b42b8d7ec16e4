"""Small snapshots written by hand, of the shape that `activity/snapshot_writer.py` writes."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from forum.activity.snapshot_writer import EVENTS, PARTICIPANTS

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)


def event(kind: str, participant: int, days: float = 0, **fields: Any) -> dict[str, Any]:
    """Return an event, some days after the study's beginning."""
    return {"kind": kind, "participant": participant, "at": BEGIN + timedelta(days=days)} | fields


def person(participant: int, days: float = 0, **fields: Any) -> dict[str, Any]:
    """Return a participant who joined some days after the study's beginning."""
    joined = BEGIN + timedelta(days=days)
    clauses = dict.fromkeys(("record", "past", "share", "events", "linkage", "contact"), True)
    return {
        "participant": participant,
        "consented_at": joined,
        "joined_at": joined,
        "consent_version": 1,
        "groups": 1,
        "joining_known": True,
        **clauses,
        **fields,
    }


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
