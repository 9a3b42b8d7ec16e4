"""A record of millions of events in the forum's own database: appending, checking, measuring.

Everybody of the community takes part with all their past; to that come visits and pages read, which
are most of any record. Each step runs in a process of its own, which tells its time and its
greatest memory.
"""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select

from benchmarks.research.recording import SLUG, let_all_take_part
from benchmarks.tools.bench import Bench
from benchmarks.tools.memory import most_mb
from benchmarks.tools.report import Figure
from forum.activity import measures, record_writer
from forum.activity.measures.snapshot_reader import opened
from forum.activity.measures.study_record import Window
from forum.activity.models import ActivityEvent
from forum.core import clock, db
from forum.research import queries
from forum.research.completeness import completeness_check
from forum.research.models import Consent
from forum.research.recording import study_snapshot

AT_ONCE, MEMORY_MOST_MB = 1_000, 1024
SPREAD = timedelta(days=180)


def measure(bench: Bench) -> Iterator[Figure]:
    """Yield the time of each step against a bare scan of all rows, and its memory."""
    if bench.quick:
        return
    let_all_take_part(bench)
    count = bench.events
    seconds, _ = _alone(bench, "append")
    yield Figure("events appended", bench.kind, "events/s", count / seconds, 1)
    scanned, _ = _alone(bench, "scan")
    for step in ("check", "measures"):
        seconds, megabytes = _alone(bench, step)
        what = f"{step} of {count:,} events"
        yield Figure(what, bench.kind, "s", seconds, scanned)
        yield Figure(f"memory of {what}", bench.kind, "MB", megabytes, MEMORY_MOST_MB, at_most=1)


def _alone(bench: Bench, step: str) -> tuple[float, float]:
    command = [
        sys.executable,
        "-m",
        "benchmarks.research.large_record",
        bench.corpus.database_url,
        step,
    ]
    told = subprocess.run(
        [*command, str(bench.events)], check=True, capture_output=True, text=True
    ).stdout
    seconds, megabytes = json.loads(told)
    return float(seconds), float(megabytes)


def _append(count: int) -> None:
    chance, begin = random.Random(2008), clock.now()
    people = db.current_session().execute(select(Consent.participant, Consent.id)).all()
    for start in range(0, count, AT_ONCE):
        begin += SPREAD / (count / AT_ONCE)
        record_writer.append_events(
            [
                _row(chance, begin, *chance.choice(people))
                for _ in range(min(AT_ONCE, count - start))
            ]
        )


def _row(chance: random.Random, at: datetime, participant: int, consent_id: int) -> dict[str, Any]:
    moment = at + timedelta(seconds=chance.random() * 100)
    seconds = {"seconds_low": 20.0, "seconds_high": chance.random() * 600}
    if chance.random() < 0.3:
        return record_writer.event_row("session", moment, participant, consent_id, **seconds)
    place = {"group_id": chance.randint(1, 6), "thread_id": chance.randint(1, 300)}
    return record_writer.event_row(
        "thread_read", moment, participant, consent_id, **place, **seconds, posts_seen=5
    )


def _scan(_count: int) -> None:
    of_every_row = (ActivityEvent.at, ActivityEvent.kind, ActivityEvent.seconds_high)
    db.current_session().execute(select(*map(func.max, of_every_row))).one()


def _check(_count: int) -> None:
    db.analyze()
    if found := list(completeness_check.findings()):
        raise SystemExit(f"{len(found)} differ, the first: {found[0]}")


def _measures(_count: int) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        study_snapshot.write(queries.study_at(SLUG).id, folder)
        with opened(folder, Window(date(2026, 1, 5), 600)) as record:
            for each in measures.study_measures().values():
                each.compute(record)


if __name__ == "__main__":
    db.bind(sys.argv[1])
    steps = {"append": _append, "scan": _scan, "check": _check, "measures": _measures}
    began = time.perf_counter()
    steps[sys.argv[2]](int(sys.argv[3]))
    seconds = time.perf_counter() - began
    print(json.dumps([seconds, most_mb()]))
