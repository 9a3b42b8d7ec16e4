"""How each kind of database is opened."""

from typing import Any

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Engine, make_url

BUSY_TIMEOUT_MS = 5_000
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA secure_delete=FAST",  # what somebody erased is overwritten in the pages that stay
)


def make_engine(database_url: str) -> Engine:
    """Open SQLite or PostgreSQL. Raises ValueError for any other kind of address."""
    url = make_url(database_url)
    backend = url.get_backend_name()
    if backend == "sqlite":
        return _sqlite(url)
    if backend == "postgresql":
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=20,
            max_overflow=20,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"options": "-c timezone=utc"},
        )
    raise ValueError(f"{backend} is not a database that Common Thread knows")


def for_reading(engine: Engine) -> Engine:
    """Return the engine for reads outside transactions: each sees what is committed by then.

    Pages need no snapshot of all that they read (rule 4), and to open and close one would cost as
    much as a look-up. SQLite has none unless `begin` below opens it; its isolation level must not
    be touched, since the driver would then open transactions by itself.
    """
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def for_snapshot(engine: Engine) -> Engine:
    """Return the engine for reads that must all see the same moment."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(snapshot=True)
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, module=sqlite, pool_size=20, max_overflow=40, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # The driver must not open transactions by itself: `begin` below does, and says which kind.
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and then wants to write would have to be refused by
        # SQLite when another writer came between; asking for the write lock at once cannot fail.
        options = connection.get_execution_options()
        if options.get("write"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif options.get("snapshot"):
            connection.exec_driver_sql("BEGIN")

    return engine
