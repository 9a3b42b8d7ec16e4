"""The least that a reply can be: one short row, committed, and on disk when that is done."""

import os
import threading
import time
from collections.abc import Callable
from typing import Any, TypeAlias

import psycopg
import pysqlite3.dbapi2 as sqlite
from sqlalchemy import make_url

from benchmarks.community import corpus
from benchmarks.tools.servers import CORES
from forum.core.db.sqlite import PRAGMAS

TABLE = (
    "CREATE TABLE IF NOT EXISTS bare_posts (id {}, thread_id integer, author_id integer, body text)"
)
INSERT = "INSERT INTO bare_posts (thread_id, author_id, body) VALUES ({0}, {0}, {0})"
ROW = (1, 1, (corpus.SAYINGS[0] + " ") * 8)
Commit: TypeAlias = Callable[[], Any]


def connect(database_url: str) -> Commit:
    """Return what commits one row on a connection of its own; the table is made if need be."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url.database or "")
    return _postgresql(database_url)


def per_second(database_url: str, writers: int, seconds: float) -> float:
    """Return how many rows so many writers commit in a second, where the forum runs, too."""
    connect(database_url)
    counts = [0] * writers
    until = time.perf_counter() + seconds

    def write(writer: int) -> None:
        os.sched_setaffinity(0, CORES[:1])  # this thread only
        commit = connect(database_url)
        while time.perf_counter() < until:
            commit()
            counts[writer] += 1

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def _sqlite(file: str) -> Commit:
    connection, insert = sqlite.connect(file, timeout=30), INSERT.format("?")
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(pragma)
    connection.execute(TABLE.format("integer primary key"))

    def commit() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(insert, ROW)
        connection.commit()

    return commit


def _postgresql(database_url: str) -> Commit:
    connection, insert = psycopg.connect(database_url), INSERT.format("%s")
    connection.execute(TABLE.format("integer generated always as identity primary key"))
    connection.commit()

    def commit() -> None:
        connection.execute(insert, ROW)
        connection.commit()

    return commit
