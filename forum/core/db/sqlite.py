"""SQLite: how it is opened, and how other processes that write to the same file are waited for.

A greenlet that waits inside SQLite stops the whole process. So SQLite itself never waits: it says
at once that another process is writing, and it is asked again a moment later.
"""

import random
import time
from typing import Any

import pysqlite3.dbapi2 as driver
from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import OperationalError

WRITER_PATIENCE_S = 30.0  # for how long another process may go on writing
ASK_AGAIN_S = 0.02
LOCKED = "database is locked"
OPENING_PATIENCE_MS = 5_000
# Planned by each connection. The driver's own 128 are soon full, and it then forgets whichever was
# used least often, which is each new one: our longest, of 48,000 characters, takes 7 ms to plan.
STATEMENTS_KEPT = 1_000
PRAGMAS = (
    f"PRAGMA busy_timeout={OPENING_PATIENCE_MS}",  # another process may be opening it as well
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
    # To copy the log back costs a second fsync: once in 16 MB rather than in 4.
    "PRAGMA wal_autocheckpoint=4000",
    "PRAGMA secure_delete=ON",  # what somebody erased is overwritten, also in pages set free
    "PRAGMA busy_timeout=0",
)


def open_file(url: URL) -> Engine:
    """Return an engine on this file."""
    url = url.set(drivername="sqlite+pysqlite")
    engine = create_engine(
        url,
        module=driver,
        pool_size=20,
        max_overflow=40,
        pool_use_lifo=True,  # where one was used a moment ago, statements are planned already
        hide_parameters=True,
        connect_args={"cached_statements": STATEMENTS_KEPT},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # The driver must not open transactions by itself: `engines` does, and says which kind.
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(pragma)

    return engine


def begin_writing(connection: Connection, patience_s: float | None) -> None:
    """Take the write lock. Raises OperationalError if another process keeps it for too long.

    A transaction that reads first and then wants to write would have to be refused by SQLite when
    another writer came between; asking for the write lock at once cannot fail.
    """
    asked: Any = connection.connection.dbapi_connection
    until = time.monotonic() + (WRITER_PATIENCE_S if patience_s is None else patience_s)
    while time.monotonic() < until:
        try:
            asked.execute("BEGIN IMMEDIATE")
        except driver.OperationalError as problem:
            if not is_busy(problem):
                break
            # In the server this lets everything else go on.
            time.sleep(ASK_AGAIN_S * random.uniform(0.2, 1))  # noqa: S311 - no secret
        else:
            return
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # its error is SQLAlchemy's


def is_busy(problem: BaseException) -> bool:
    """Whether another process is in the way, and will be done."""
    return isinstance(problem, driver.OperationalError) and problem.args == (LOCKED,)


def locked() -> OperationalError:
    """Return the error of a file that others write to for too long."""
    return OperationalError("BEGIN IMMEDIATE", None, driver.OperationalError(LOCKED))


def truncate_log(engine: Engine, patience_s: float) -> bool:
    """Copy the write-ahead log into the file and empty it; return whether nothing is left in it.

    Old content of pages, words that somebody has erased among them, is in the log until then.
    """
    with engine.connect() as connection:
        # The first does most of the work and is in nobody's way; the second needs a quiet moment.
        connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            done = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            if done[0] == 0:
                return True
            time.sleep(ASK_AGAIN_S)
    return False
