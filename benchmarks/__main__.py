"""`python -m benchmarks`: measure, print a table, and keep it as JSON."""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.community import databases, visitors
from benchmarks.research import large_record, measures, recording, releases
from benchmarks.serving import (
    growth,
    live_updates,
    pages,
    replies,
    room,
    searches,
    startup,
    transferred_bytes,
)
from benchmarks.tools import report
from benchmarks.tools.bench import Bench
from benchmarks.tools.report import Figure
from benchmarks.tools.servers import CORES

# The ones that write come after those that read.
MEASURES = {
    "pages": pages.measure,
    "transfer": transferred_bytes.measure,
    "starting": startup.measure,
    "growth": growth.measure,
    "searches": searches.measure,
    "fanout": live_updates.measure,
    "room": room.measure,
    "replies": replies.measure,
    "recording": recording.measure,
    "record": large_record.measure,
    "measures": measures.measure,
    "releases": releases.measure,
}


def main() -> None:
    """Run the measurements that the command line asks for."""
    chosen = _arguments()
    began, figures = time.perf_counter(), list[Figure]()
    kinds = databases.KINDS if chosen.database == "both" else (chosen.database,)
    for kind in kinds:
        for figure in _of(kind, chosen):
            figures.append(figure)
            print(f"  {figure.name} on {figure.database}: {figure.ratio:.2f}", flush=True)
    seconds = time.perf_counter() - began
    print()
    report.show(figures)
    corpus = chosen.corpus.name if chosen.corpus else "seeded"
    file = report.keep(figures, corpus=corpus, quick=chosen.quick, seconds=round(seconds))
    print(f"\nTook {seconds:.0f} s; kept in benchmarks/results/{file.name}.")


def _of(kind: str, chosen: argparse.Namespace) -> Iterator[Figure]:
    report.RESULTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=report.RESULTS) as name:
        folder = Path(name)
        print(f"{kind}: making the community ...", flush=True)
        with databases.community(kind, folder, chosen.corpus) as corpus:
            people = visitors.log_in(corpus, folder)
            bench = Bench(kind, folder, corpus, people, chosen.quick, chosen.events)
            os.sched_setaffinity(0, CORES[-1:])
            try:
                for only, measure in MEASURES.items():
                    if chosen.only in (None, only):
                        yield from measure(bench)
            finally:
                os.sched_setaffinity(0, CORES)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter rounds, smaller growth")
    parser.add_argument("--events", type=int, default=10_000_000, help="how long a record is made")
    parser.add_argument("--only", choices=MEASURES, help="one kind of measurement")
    parser.add_argument("--corpus", type=Path, help="a JSON-lines file, as `forum import` takes")
    parser.add_argument("--database", choices=[*databases.KINDS, "both"], default="both")
    return parser.parse_args()


main()
