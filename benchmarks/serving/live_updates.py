"""From a POST to the last of a thousand sockets, and what the sockets weigh."""

import json
import time
from collections.abc import Callable, Iterator
from statistics import median, quantiles

from benchmarks.community import corpus
from benchmarks.tools import load
from benchmarks.tools.bench import Bench
from benchmarks.tools.report import Figure
from benchmarks.tools.servers import Server, bare_server, forum_server, running
from benchmarks.tools.sockets import Crowd

SOCKETS, MEMBERS = 1_000, 100
FIRST = 200  # while these come, the server loads what it loads once, however many there are
CREATED = b'42["post:created"'


def measure(bench: Bench) -> Iterator[Figure]:
    """Yield the delay to the last socket, and memory per socket."""
    forum, bare = forum_server(bench.folder, bench.corpus), bare_server(bench.folder)
    posts = 15 if bench.quick else 50
    with running(forum):
        ours, packet, our_bytes = _forum(forum, bench, posts)
    with running(bare):
        theirs, bare_bytes = bare_emit(bare, packet, posts)
    yield Figure("fan-out to 1,000 sockets, p50", bench.kind, "ms", median(ours), median(theirs))
    yield Figure(
        "fan-out to 1,000 sockets, p99", bench.kind, "ms", p99(ours), p99(theirs), at_most=3.0
    )
    yield Figure("memory per socket", bench.kind, "kB", our_bytes / 1e3, bare_bytes / 1e3)


def _forum(server: Server, bench: Bench, posts: int) -> tuple[list[float], bytes, float]:
    """Return milliseconds for each post, the packet that was sent, and bytes for each socket."""
    place = max(bench.visitors.places, key=lambda p: len(bench.visitors.members[p.group_id]))
    people = bench.visitors.members[place.group_id][:MEMBERS]
    crowd, join = Crowd(server.port), {"thread_id": place.thread_id, "after": place.length}
    weight = open_all(
        crowd, server, lambda number: crowd.add(people[number % len(people)].cookie, join)
    )
    body = " ".join(corpus.SAYINGS[:7])
    delays, packet = [], b""
    for number in range(posts + 5):
        author = people[number % len(people)]
        reply = bench.visitors.reply(place, author, f"f{number}-{time.time_ns()}", body)
        delay, packet = once(crowd, server.port, reply, 201)
        delays.append(delay)
    crowd.close()
    return delays[5:], packet, weight


def bare_emit(
    server: Server, packet: bytes, posts: int, sockets: int = SOCKETS
) -> tuple[list[float], float]:
    """Return milliseconds for each plain emit of the same bytes, and bytes for each socket."""
    payload = json.dumps(json.loads(packet[2:])[1]).encode()
    emit = load.request("POST", "/emit", body=payload, headers={"Content-Type": "application/json"})
    crowd = Crowd(server.port)
    weight = open_all(crowd, server, lambda _number: crowd.add(), sockets)
    delays = [once(crowd, server.port, emit, 200)[0] for _ in range(posts + 5)]
    crowd.close()
    return delays[5:], weight


def open_all(
    crowd: Crowd, server: Server, add: Callable[[int], None], sockets: int = SOCKETS
) -> float:
    """Open so many sockets, and return bytes for each that came after the first."""
    first, before = min(FIRST, sockets // 2), 0
    for number in range(sockets):
        if number == first:
            crowd.settle(2)
            before = server.resident_bytes()
        add(number)
    crowd.settle(2)
    return (server.resident_bytes() - before) / (sockets - first)


def once(
    crowd: Crowd, port: int, message: bytes, status: int, prefix: bytes = CREATED
) -> tuple[float, bytes]:
    """Return milliseconds from a request to the last socket that hears of it, and the packet."""
    with load.Line(port) as line:
        seconds, packet = crowd.after(lambda: line.send(message), prefix)
        line.wait(status)
    crowd.settle(0.1)
    return seconds * 1000, packet


def p99(values: list[float]) -> float:
    """Return the 99th percentile."""
    return quantiles(values, n=100, method="inclusive")[98]
