"""Acknowledged replies by 8 writers, against bare rows committed on the same disk."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pysqlite3.dbapi2 as sqlite

from benchmarks import corpus, load
from benchmarks.bench import Bench
from benchmarks.report import Figure
from benchmarks.servers import CORES, forum_server, running
from forum.core.engines import SQLITE_PRAGMAS

WRITERS = 8
TABLE = "CREATE TABLE bare_posts (id {key}, thread_id integer, author_id integer, body text)"
INSERT = "INSERT INTO bare_posts (thread_id, author_id, body) VALUES ({0}, {0}, {0})"
ROW = (1, 1, (corpus.SAYINGS[0] + " ") * 8)


def measure(bench: Bench) -> Iterator[Figure]:
    """Yield replies per second; each is on disk before it is answered, as each bare row is."""
    server = forum_server(bench.folder, bench.corpus)
    replies = bench.visitors.replies()
    with running(server):
        load.drive(server.port, replies, connections=WRITERS, seconds=bench.warm_s)
        rounds = [(_ours(server.port, replies, bench), _bare(bench)) for _ in range(bench.rounds)]
    ours, (alone, together) = sorted(rounds, key=lambda pair: pair[0] / max(pair[1]))[
        len(rounds) // 2
    ]
    yield Figure("replies by 8 writers, durable", bench.kind, "replies/s", ours,
                 max(alone, together), at_least=0.08, aim=0.20)  # fmt: skip
    # PostgreSQL lets eight bare writers share a flush; this is what one commit alone costs.
    yield Figure("the same, against one bare writer", bench.kind, "replies/s", ours, alone)


def _ours(port: int, replies: Iterator[bytes], bench: Bench) -> float:
    answered = load.drive(port, replies, connections=WRITERS, seconds=bench.round_s)
    return answered.expect(201).per_second


def _bare(bench: Bench) -> tuple[float, float]:
    """Return committed rows per second, of one writer and of eight."""
    connect = _sqlite(bench) if bench.kind == "sqlite" else _postgresql(bench)
    alone, together = (_commits(connect, writers, bench.round_s / 2) for writers in (1, WRITERS))
    return alone, together


def _commits(connect: Callable[[], Callable[[], Any]], writers: int, seconds: float) -> float:
    counts = [0] * writers
    until = time.perf_counter() + seconds

    def write(writer: int) -> None:
        os.sched_setaffinity(0, CORES[:1])  # this thread only: where the forum runs, too
        commit = connect()
        while time.perf_counter() < until:
            commit()
            counts[writer] += 1

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def _sqlite(bench: Bench) -> Callable[[], Callable[[], Any]]:
    file, insert = bench.folder / "bare.sqlite3", INSERT.format("?")

    def connect() -> Callable[[], Any]:
        connection = sqlite.connect(file, timeout=30)
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)
        # Outside an explicit transaction each INSERT is one of its own, committed on return.
        return lambda: connection.execute(insert, ROW)

    if not file.exists():
        with sqlite3.connect(file) as made:
            made.execute(TABLE.format(key="integer primary key"))
        made.close()
    return connect


def _postgresql(bench: Bench) -> Callable[[], Callable[[], Any]]:
    insert = INSERT.format("%s")
    key = "integer generated always as identity primary key"
    with psycopg.connect(bench.corpus.database_url, autocommit=True) as connection:
        connection.execute(TABLE.format(key=key).replace("TABLE", "TABLE IF NOT EXISTS"))

    def connect() -> Callable[[], Any]:
        own = psycopg.connect(bench.corpus.database_url, autocommit=True)
        return lambda: own.execute(insert, ROW)

    return connect
