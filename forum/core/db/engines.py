"""How each kind of database is opened."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.engine.interfaces import IsolationLevel
from sqlalchemy.exc import DisconnectionError

from forum.core.db import sqlite

IDLE_S = 10.0
CONNECT_WITHIN_S = 5
CONNECTIONS, KEPT_OPEN = 40, 20
_IN_ERROR = 3  # what psycopg calls TransactionStatus.INERROR; SQLite loads no psycopg
# Our statements are planned once per connection: to plan them takes longer than to run them.
POSTGRESQL_OPTIONS = "-c timezone=utc -c plan_cache_mode=force_generic_plan -c jit=off"


def make_engine(database_url: str, connections: int = CONNECTIONS) -> Engine:
    """Open SQLite or PostgreSQL, with at most so many connections to the latter.

    Raises ValueError for any other kind of address.
    """
    url = make_url(database_url)
    backend = url.get_backend_name()
    if backend == "sqlite":
        return sqlite.open_file(url)
    if backend == "postgresql":
        return _postgresql(url, connections)
    raise ValueError(f"{backend} is not a database that Common Thread knows")


@contextmanager
def writing(engine: Engine, patience_s: float | None = None) -> Iterator[Connection]:
    """Yield a connection inside a transaction; without one, a statement sees what is committed.

    Pages need no snapshot of all that they read (rule 4), and to open and close one would cost as
    much as a look-up. No listener begins it: the engine would look for listeners at each statement.
    Raises OperationalError where others write to SQLite for longer than half a minute, or than
    `patience_s`.
    """
    with _begun(engine, "READ COMMITTED") as connection:
        if engine.dialect.name == "sqlite":
            sqlite.begin_writing(connection, patience_s)
        yield connection


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Yield a connection whose reads all see the same moment."""
    with _begun(engine, "REPEATABLE READ") as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        yield connection


@contextmanager
def _begun(engine: Engine, isolation_level: IsolationLevel) -> Iterator[Connection]:
    with engine.connect() as connection:
        # SQLite's must not be touched, since the driver would then open transactions by itself.
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level=isolation_level)
        with connection.begin():
            yield connection


def gave_up(connection: Connection) -> bool:
    """Whether PostgreSQL has met an error in this transaction: it answers COMMIT with a rollback,
    and the driver says nothing of it.
    """
    if connection.dialect.name != "postgresql":
        return False
    driver: Any = connection.connection.dbapi_connection
    return bool(driver.info.transaction_status == _IN_ERROR)


def _postgresql(url: URL, connections: int) -> Engine:
    from psycopg import RawCursor, RawServerCursor  # SQLite loads no psycopg

    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        # Numbered in PostgreSQL's own way, parameters are handed on as they are. Those named in
        # Python's way psycopg looks for anew in each statement of more than 4,096 characters.
        paramstyle="numeric_dollar",
        pool_size=min(KEPT_OPEN, connections),
        max_overflow=max(0, connections - KEPT_OPEN),
        pool_use_lifo=True,  # statements are planned already where one was used a moment ago
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",  # as pages want it; writers ask for a transaction
        connect_args={
            "cursor_factory": RawCursor,
            "options": POSTGRESQL_OPTIONS,
            "client_encoding": "utf8",  # whatever the database or PGCLIENTENCODING says
            "prepare_threshold": 1,
            "connect_timeout": CONNECT_WITHIN_S,
        },
    )

    @event.listens_for(engine, "connect")
    def stream_numbered(connection: Any, _record: object) -> None:
        connection.server_cursor_factory = RawServerCursor

    # To ask each time whether a connection is alive would cost every page one more question.
    @event.listens_for(engine, "checkin")
    def note_use(_connection: Any, record: Any) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def check_when_idle(connection: Any, record: Any, _proxy: object) -> None:
        if time.monotonic() - record.info.get("used_at", math.inf) > IDLE_S:
            try:
                engine.dialect.do_ping(connection)
            except Exception as problem:
                raise DisconnectionError from problem

    return engine


def encoding(connection: Connection) -> str:
    """Return how a database keeps text; words in any script need UTF8."""
    if connection.dialect.name != "postgresql":
        return "UTF8"
    return str(connection.exec_driver_sql("SHOW server_encoding").scalar_one())


def connections_allowed(connection: Connection) -> int:
    """Return how many connections PostgreSQL lets the forum's user have at the same time."""
    asked = """
        SELECT current_setting('max_connections')::int, least(
            nullif((SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user), -1),
            nullif((SELECT datconnlimit FROM pg_database WHERE datname = current_database()), -1)),
            (SELECT coalesce(sum(setting::int), 0) FROM pg_settings
             WHERE name IN ('superuser_reserved_connections', 'reserved_connections'))"""
    most, own_most, reserved = connection.exec_driver_sql(asked).one()
    return int(min(most - reserved, own_most if own_most is not None else most))
