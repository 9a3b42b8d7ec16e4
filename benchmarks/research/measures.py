"""All measures and panels of ten million events, against one bare scan of the same file.

Each runs in a process of its own, which tells its time and its greatest memory.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.tools.bench import Bench
from benchmarks.tools.report import Figure
from forum.activity import measures
from forum.activity.measures.panels import SPANS, panel
from forum.activity.measures.snapshot_reader import opened
from forum.activity.measures.study_record import Window
from tests.support.research.simulated import BEGIN, snapshot

WEEKS, MEMORY_MOST_MB, SCANS_MOST = 26, 1024, 100


def measure(bench: Bench) -> Iterator[Figure]:
    """Yield time against a bare scan, and memory against its bound; no database takes part."""
    if bench.kind != "sqlite":
        return
    members, scale = (1_000, 10) if bench.quick else (10_000, 31)
    folder = snapshot(bench.folder / "record", members, weeks=WEEKS, scale=scale)
    scanned, _ = _alone(folder, "scan")
    seconds, megabytes = _alone(folder, "measures")
    yield Figure("all measures and panels", "snapshot", "s", seconds, scanned, at_most=SCANS_MOST)
    yield Figure("memory of measuring", "snapshot", "MB", megabytes, MEMORY_MOST_MB, at_most=1)


def _alone(folder: Path, what: str) -> tuple[float, float]:
    command = [sys.executable, "-m", "benchmarks.research.measures", str(folder), what]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds, megabytes = json.loads(told)
    return float(seconds), float(megabytes)


def _scan(folder: Path) -> None:
    with duckdb.connect() as base:
        base.execute("SET threads = 2")
        base.execute("SELECT max(COLUMNS(*)) FROM read_parquet(?)", [f"{folder}/events.parquet"])
        base.fetchall()


def _measures(folder: Path) -> None:
    with opened(folder, Window(BEGIN.date(), WEEKS * 7)) as record:
        for one in measures.study_measures().values():
            one.compute(record)
        for span in SPANS:
            panel(record, span).aggregate("count(*), sum(posts), sum(active_days)").fetchall()


if __name__ == "__main__":
    began = time.perf_counter()
    {"scan": _scan, "measures": _measures}[sys.argv[2]](Path(sys.argv[1]))
    seconds = time.perf_counter() - began
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
