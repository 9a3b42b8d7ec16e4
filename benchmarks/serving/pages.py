"""Pages of logged-in members, against a bare view that answers as many bytes."""

import itertools
from collections.abc import Iterator

from benchmarks.tools import load
from benchmarks.tools.bench import Bench
from benchmarks.tools.report import Figure
from benchmarks.tools.servers import bare_server, forum_server, running

CONNECTIONS = 4


def measure(bench: Bench) -> Iterator[Figure]:
    """Yield the throughput of the thread page and of the group page."""
    forum, bare = forum_server(bench.folder, bench.corpus), bare_server(bench.folder)
    visits = {
        "thread page of 20 posts": bench.visitors.thread_pages(),
        "group page": bench.visitors.group_pages(),
    }
    with running(forum, bare):
        for name, requests in visits.items():
            ours, theirs = compare(forum.port, bare.port, requests, bench)
            yield Figure(name, bench.kind, "pages/s", ours, theirs, at_least=0.10, aim=0.25)


def compare(forum: int, bare: int, visits: Iterator[bytes], bench: Bench) -> tuple[float, float]:
    """Return pages per second of the forum and of the bare view."""
    first = load.drive(forum, visits, connections=CONNECTIONS, seconds=1).expect(200)
    same = itertools.repeat(load.request("GET", f"/bytes/{first.body_bytes // first.answered}"))
    return turns((forum, visits), (bare, same), bench)


def turns(
    one: tuple[int, Iterator[bytes]], other: tuple[int, Iterator[bytes]], bench: Bench
) -> tuple[float, float]:
    """Return answers per second of two servers, taken in turns, to share the machine's ups and
    downs.

    Of all turns the one with the middle ratio counts. Each is a port and what is asked there.
    """
    for port, requests in (one, other):
        load.drive(port, requests, connections=CONNECTIONS, seconds=bench.warm_s).expect(200)
    rounds = [(_turn(*one, bench), _turn(*other, bench)) for _ in range(bench.rounds)]
    return sorted(rounds, key=lambda pair: pair[0] / pair[1])[len(rounds) // 2]


def _turn(port: int, requests: Iterator[bytes], bench: Bench) -> float:
    answered = load.drive(port, requests, connections=CONNECTIONS, seconds=bench.round_s)
    return answered.expect(200).per_second
