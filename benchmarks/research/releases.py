"""Releases of a study, against one bare SELECT of the same events to CSV.

Each runs in a process of its own, which tells its time and its greatest memory.
"""

import csv
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from itertools import count, repeat
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pysqlite3.dbapi2 as sqlite
from pyarrow import parquet
from sqlalchemy import Engine, func, insert, select

from benchmarks.tools.bench import Bench
from benchmarks.tools.memory import most_mb
from benchmarks.tools.report import Figure
from forum import migrations
from forum.activity.models import ActivityEvent
from forum.core import clock, db
from forum.research.models import CLOSED, Consent, ConsentDocument, Participant, Study
from forum.research.releases import pipeline
from tests.support.research.simulated import BEGIN, snapshot

WEEKS, MEMORY_MOST_MB = 26, 1024
PER_MEMBER = 36  # events, about, that `tests.support.research.simulated` makes at scale 1
EVENTS_MOST, OTHERS_MOST = 5, 5
SLUG, AT_ONCE = "measured", 20_000
TIERS = ("events", "microdata", "aggregate")


def measure(bench: Bench) -> Iterator[Figure]:
    """Yield each tier's time against the SELECT, and its memory against its bound."""
    if bench.kind != "sqlite":
        return
    members, events = (1_000, 40_000) if bench.quick else (10_000, bench.events)
    scale = events / members / PER_MEMBER
    database_url = _filled(bench.folder / "study", members, scale)
    count = db.current_session().scalar(select(func.count()).select_from(ActivityEvent)) or 0
    selected, _ = _alone(bench.folder, database_url, "select")
    for tier in TIERS:
        seconds, megabytes = _alone(bench.folder, database_url, tier)
        most = EVENTS_MOST if tier == "events" else OTHERS_MOST
        yield Figure(
            f"release of {tier}, {count:,} events", bench.kind, "s", seconds, selected, at_most=most
        )
        yield Figure(
            f"memory of releasing {tier}", bench.kind, "MB", megabytes, MEMORY_MOST_MB, at_most=1
        )


def _filled(folder: Path, members: int, scale: float) -> str:
    """Return the address of a database with a study of simulated members."""
    snapshot(folder, members, weeks=WEEKS, scale=scale)
    database_url = f"sqlite:///{folder / 'study.sqlite3'}"
    engine = db.bind(database_url)
    migrations.upgrade()
    people = parquet.read_table(folder / "participants.parquet").to_pylist()
    study = {
        "id": 1,
        "slug": SLUG,
        "title": "Measured",
        "about": "Speed.",
        "run_by": "Us",
        "ethics": "None",
        "contact": "Us",
        "state": CLOSED,
        "created_at": BEGIN,
        "opened_at": BEGIN,
        "closed_at": None,
    }
    document = {"id": 1, "study_id": 1, "version": 1, "text": "Yes.", "created_at": BEGIN}
    keys = [{"key": one["participant"], "study_id": 1, "account_id": None} for one in people]
    consents = [
        {
            "id": number,
            "participant": one["participant"],
            "document_id": 1,
            "contact": False,
            "given_at": one["consented_at"],
            "ended_at": one["left_at"],
            **{clause: one[clause] for clause in ("record", "past", "share", "events")},
        }
        for number, one in enumerate(people, 1)
    ]
    for table, rows in (
        (Study, [study]),
        (ConsentDocument, [document]),
        (Participant, keys),
        (Consent, consents),
    ):
        with engine.begin() as connection:
            connection.execute(insert(table), rows)
    _fill_events(engine, folder)
    return database_url


def _fill_events(engine: Engine, folder: Path) -> None:
    """Put the events in as fast as a file can be written, and index them afterwards."""
    indexes = ActivityEvent.metadata.tables[ActivityEvent.__tablename__].indexes
    for index in indexes:
        index.drop(engine)
    engine.dispose()
    with closing(sqlite.connect(folder / "study.sqlite3")) as plain, plain:
        plain.execute("PRAGMA synchronous = OFF")
        _insert(plain.cursor(), folder / "events.parquet")
    for index in indexes:
        index.create(engine)


def _insert(cursor: Any, path: Path) -> None:
    file = parquet.ParquetFile(path)
    names = ["id", "consent_id", *file.schema_arrow.names]
    columns = ", ".join(f'"{name}"' for name in names)
    places = ", ".join("?" * len(names))
    numbers = count(1)
    for batch in file.iter_batches(AT_ONCE):
        values = [
            pc.strftime(column, "%Y-%m-%d %H:%M:%S") if name == "at" else column
            for name, column in zip(batch.schema.names, batch.columns, strict=True)
        ]
        rows = [*zip(numbers, repeat(1), *(column.to_pylist() for column in values))]
        cursor.executemany(f"INSERT INTO activity_events ({columns}) VALUES ({places})", rows)


def _alone(folder: Path, database_url: str, what: str) -> tuple[float, float]:
    command = [
        sys.executable,
        "-m",
        "benchmarks.research.releases",
        database_url,
        str(folder),
        what,
    ]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds, megabytes = json.loads(told)
    return float(seconds), float(megabytes)


def _select(folder: Path) -> None:
    with (
        db.engine().connect() as connected,
        (folder / "select.csv").open("w", newline="", encoding="utf-8") as file,
    ):
        cursor = connected.connection.cursor()
        cursor.execute(
            "SELECT e.* FROM activity_events e JOIN participants p ON p.key = e.participant "
            "WHERE p.study_id = 1 ORDER BY e.at"
        )
        csv.writer(file).writerows(iter(cursor.fetchone, None))


def _release(folder: Path, tier: str) -> None:
    now = BEGIN + timedelta(weeks=WEEKS)
    clock.now = lambda: now
    pipeline.make(
        SLUG,
        folder / tier,
        tier=tier,
        made_by="A measurement",
        reason="Speed",
        recipient="Nobody",
        agreement=b"For measuring.",
    )


if __name__ == "__main__":
    _, url, place, wanted = sys.argv
    db.bind(url)
    began = time.perf_counter()
    if wanted == "select":
        _select(Path(place))
    else:
        _release(Path(place), wanted)
    seconds = time.perf_counter() - began
    print(json.dumps([seconds, most_mb()]))
