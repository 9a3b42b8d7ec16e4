"""The database: one engine, reads one by one, writes in `transaction()`."""

from forum.core.db.sessions import (
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
    take_stock,
    transaction,
    truncate_log,
)
from forum.core.db.tables import AnyRow, Base, UtcDateTime, index_where

__all__ = [
    "AnyRow", "Base", "UtcDateTime", "at_most", "bind", "close", "connection", "done_reading",
    "engine", "give_way", "index_where", "is_shared", "is_writing", "light_savepoint", "reading",
    "savepoint", "snapshot", "take_stock", "transaction", "truncate_log",
]  # fmt: skip
