"""The database: one engine, reads one by one, writes in `transaction()`."""

from forum.core.db.sessions import (
    analyze,
    at_most,
    bind,
    close,
    current_connection,
    current_session,
    engine,
    give_way,
    is_shared,
    is_writing,
    light_savepoint,
    release_session,
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
    "current_connection",
    "current_session",
    "engine",
    "give_way",
    "index_where",
    "is_shared",
    "is_writing",
    "light_savepoint",
    "release_session",
    "savepoint",
    "snapshot",
    "transaction",
    "truncate_log",
]
