"""Acknowledged replies by 8 writers, against bare rows committed on the same disk."""

from collections.abc import Iterator
from itertools import repeat

from benchmarks.baselines import committed_rows
from benchmarks.tools import load
from benchmarks.tools.bench import Bench
from benchmarks.tools.report import Figure
from benchmarks.tools.servers import forum_server, rows_server, running

WRITERS = 8


def measure(bench: Bench) -> Iterator[Figure]:
    """Yield replies per second; each is on disk before it is answered, as each bare row is.

    A bare writer commits one row after the other. Eight of them share a flush on PostgreSQL, and
    the bare view commits one row for each request, under the same server as the forum.
    """
    to_writers = to_view = bench.corpus.database_url
    if bench.kind == "sqlite":  # a file each: what one leaves in its log, the other need not make
        to_writers, to_view = (f"sqlite:///{bench.folder / name}.sqlite3" for name in ("w", "v"))
    server = forum_server(bench.folder, bench.corpus)
    bare = rows_server(bench.folder, to_view)
    with running(server, bare):
        ports = {server.port: bench.visitors.replies(), bare.port: repeat(_bare_reply())}
        for port, requests in ports.items():
            load.drive(port, requests, connections=WRITERS, seconds=bench.warm_s)
        rounds = [_round(bench, to_writers, ports) for _ in range(bench.rounds)]
    rounds.sort(key=lambda one: one[0] / one[2])
    ours, in_view, alone, together = rounds[len(rounds) // 2]
    yield Figure(
        "replies by 8 writers, durable",
        bench.kind,
        "replies/s",
        ours,
        alone,
        at_least=0.08,
        aim=0.20,
    )
    for name, baseline in (("8 bare writers", together), ("a bare view", in_view)):
        yield Figure(f"the same, against {name}", bench.kind, "replies/s", ours, baseline)
    yield Figure("a bare view, durable", bench.kind, "rows/s", in_view, alone)


def _round(bench: Bench, database_url: str, ports: dict[int, Iterator[bytes]]) -> tuple[float, ...]:
    """Return what is committed in a second: replies, by a bare view, by one writer and by 8."""
    answered = [
        load.drive(port, requests, connections=WRITERS, seconds=bench.round_s).expect(201)
        for port, requests in ports.items()
    ]
    bare = [
        committed_rows.per_second(database_url, writers, bench.round_s / 2)
        for writers in (1, WRITERS)
    ]
    return *(one.per_second for one in answered), *bare


def _bare_reply() -> bytes:
    return load.request(
        "POST",
        "/rows",
        body=load.form(body=committed_rows.ROW[2]),
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
