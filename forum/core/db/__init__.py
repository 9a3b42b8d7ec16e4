"""The database: one engine, reads one by one, writes in `transaction()`."""

from forum.core.db.sessions import (
    analyze,
    at_most,
    bind,
    close,
    connection,
    done_reading,
    engine,
    give_way,
    is_shared,
    is_writing,
    light_savepoint,
    reading,
    savepoint,
    snapshot,
    transaction,
    truncate_log,
)
from forum.core.db.tables import AnyRow, Base, UtcDateTime, index_where

__all__ = [
    "AnyRow",
    "Base",
    "UtcDateTime",
    "analyze",
    "at_most",
    "bind",
    "close",
    "connection",
    "done_reading",
    "engine",
    "give_way",
    "index_where",
    "is_shared",
    "is_writing",
    "light_savepoint",
    "reading",
    "savepoint",
    "snapshot",
    "transaction",
    "truncate_log",
]
