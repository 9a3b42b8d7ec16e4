"""The database: one engine, reads one by one, writes in `transaction()`."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any, cast

from sqlalchemy import literal_column
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from forum.core import events
from forum.core.db import database_errors, engines, serving_lock, sqlite

GIVE_WAY_S = 2 * sqlite.ASK_AGAIN_S  # so a waiting process asks at least once meanwhile

_engine: Engine | None = None
_write_lock: Any = None
_writing: ContextVar[Session | None] = ContextVar("writing", default=None)
_reading: ContextVar[Session | None] = ContextVar("reading", default=None)
_connected: ContextVar[Connection | None] = ContextVar("connected", default=None)
_depth: ContextVar[int] = ContextVar("light_savepoints_open", default=0)


def at_most(rows: int) -> Any:
    """Return a LIMIT that is part of a statement's words.

    SQLite plans a statement again at each execution when its LIMIT is a parameter.
    """
    return literal_column(str(rows))


def bind(database_url: str, connections: int = engines.CONNECTIONS) -> Engine:
    """Use this database from now on, in this process, with at most so many connections to it."""
    global _engine, _write_lock
    release_session()
    if _engine is not None:
        _engine.dispose()
    _engine = engines.make_engine(database_url, connections)
    is_file = _engine.dialect.name == "sqlite"
    _write_lock = threading.Lock() if is_file else None
    database_errors.look_for_room_at(_engine.url.database if is_file else None)
    return _engine


def engine() -> Engine:
    """Return the engine in use. Raises RuntimeError before `bind()`."""
    if _engine is None:
        raise RuntimeError("no database is bound")
    return _engine


def current_session() -> Session:
    """Return the session to read with: the open transaction's, else this context's own."""
    session = _writing.get() or _reading.get()
    if session is None:
        session = Session(current_connection(), autoflush=False, expire_on_commit=False)
        _reading.set(session)
    return session


def current_connection() -> Connection:
    """Return the connection to read with, as `current_session()` does its session."""
    writing = _writing.get()
    if writing is not None:
        return cast("Connection", writing.bind)
    connected = _connected.get()
    if connected is None:
        connected = engine().connect()
        _connected.set(connected)
    return connected


def is_writing() -> bool:
    """Whether this context is inside `transaction()`."""
    return _writing.get() is not None


def release_session() -> None:
    """Let go of this context's reading session and its connection."""
    session, connected = _reading.get(), _connected.get()
    if session is not None:
        _reading.set(None)
        session.close()
    if connected is not None:
        _connected.set(None)
        connected.close()


def close() -> None:
    """Let go of the database, at the end of this process.

    The last process to leave a SQLite file empties its write-ahead log, and the file alone then
    holds everything.
    """
    release_session()
    if _engine is not None:
        _engine.dispose()


def truncate_log(patience_s: float = sqlite.WRITER_PATIENCE_S) -> bool:
    """Leave nothing in SQLite's write-ahead log; return whether that could be done in this time.

    Until then the log holds what pages held before, words that somebody has erased among them.
    Other writers of this process wait meanwhile, cooperatively. PostgreSQL has no such file.
    """
    if _write_lock is None:
        return True
    release_session()
    with _write_turn():
        return sqlite.truncate_log(engine(), patience_s)


def give_way() -> None:
    """Let a server that uses the same SQLite file write, between two transactions of a long job."""
    if is_shared():
        time.sleep(GIVE_WAY_S)


def is_shared() -> bool:
    """Whether this process writes to a SQLite file that a server is using."""
    url = engine().url
    return engine().dialect.name == "sqlite" and serving_lock.is_claimed(str(url))


def analyze() -> None:
    """Let PostgreSQL look at how much of what there is, before it is asked about all of it.

    It does so by itself where much has changed, but not for tables that lie in partitions.
    """
    if engine().dialect.name == "postgresql":
        with engine().connect() as connected:
            connected.exec_driver_sql("ANALYZE")


@contextmanager
def snapshot() -> Iterator[None]:
    """Read everything in this block as it was at one moment, and as many rows as there are."""
    release_session()
    with engines.snapshot(engine()) as connected:
        _connected.set(connected)
        try:
            yield
        finally:
            _connected.set(None)
            release_session()


@contextmanager
def transaction(patience_s: float | None = None) -> Iterator[Session]:
    """Write: commit at the end, roll back on any error, then run what follows from the events.

    Inside another `transaction()` it joins that one. Writers on SQLite queue here, cooperatively,
    because a greenlet that waits inside SQLite would stop the whole process. Raises
    OperationalError if others write for longer than half a minute, or `patience_s`; and
    RuntimeError where the block went on after an error that had undone everything.
    """
    outer = _writing.get()
    if outer is not None:
        yield outer
        return
    release_session()
    with ExitStack() as held:
        if _write_lock is not None:
            held.enter_context(_write_turn(patience_s))
        connected = held.enter_context(engines.writing(engine(), patience_s))
        begun = connected.get_transaction()
        # The session takes part in a transaction that it did not begin: most replies never use it.
        session = held.enter_context(Session(connected, expire_on_commit=False))
        pending = events.start_collecting()
        held.callback(events.stop_collecting)
        _writing.set(session)
        held.callback(_writing.set, None)
        yield session
        session.flush()
        if begun is None or not begun.is_active or engines.gave_up(connected):
            raise RuntimeError("an error inside this transaction has undone all of it")
    events.after_commit(pending)


@contextmanager
def savepoint() -> Iterator[None]:
    """Inside `transaction()`: undo only this block if it fails, and let the error go on."""
    session = _require_transaction()
    with session.begin_nested(), events.undoing():
        session.connection()  # sets it now: what does not go through the session counts, too
        yield


@contextmanager
def light_savepoint() -> Iterator[None]:
    """As `savepoint()`, for a block that puts no objects into the session; saves 4 % of a reply.

    The session keeps books of what each of its savepoints would have to forget. What has gone well
    is released with the transaction: to say so here would be one more question.
    """
    _require_transaction().flush()
    # One name for each depth: of two with the same name, only the newer could be gone back to.
    depth = _depth.get()
    deeper = _depth.set(depth + 1)
    cursor = current_connection().connection.cursor()
    try:
        cursor.execute(f"SAVEPOINT light{depth}")
        try:
            with events.undoing():
                yield
        except BaseException:
            cursor.execute(f"ROLLBACK TO SAVEPOINT light{depth}")
            raise
    finally:
        cursor.close()
        _depth.reset(deeper)


@contextmanager
def _write_turn(patience_s: float | None = None) -> Iterator[None]:
    """Wait for the writers of this process. Raises OperationalError if that takes too long."""
    patience = sqlite.WRITER_PATIENCE_S if patience_s is None else patience_s
    if not _write_lock.acquire(timeout=patience):
        raise sqlite.locked()
    try:
        yield
    finally:
        _write_lock.release()


def _require_transaction() -> Session:
    session = _writing.get()
    if session is None:
        raise RuntimeError("a savepoint belongs inside transaction()")
    return session
