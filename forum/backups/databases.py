"""The database of the settings: copied into a backup, looked at, emptied and filled from one."""

from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url

from forum.backups import postgresql_dump, sqlite_copy
from forum.backups.refusals import Refused
from forum.core import db
from forum.core.db import Base, engines, serving_lock

SCHEMA_TABLE = "alembic_version"
SQLITE, POSTGRESQL = "sqlite", "postgresql"
NAMES = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}
IN_USE = "The forum is running. Stop it, and run this again."


def kind(database_url: str) -> str:
    """Return "sqlite" or "postgresql"."""
    return make_url(database_url).get_backend_name()


def copy(database_url: str, into: Path) -> None:
    """Copy the database into a file, as it is at one moment. Raises Refused."""
    url = make_url(database_url)
    if kind(database_url) == SQLITE:
        sqlite_copy.copy(Path(str(url.database)), into)
    else:
        postgresql_dump.dump(url, into)


def check(of_kind: str, copied: Path) -> None:
    """Raise Refused unless a copy could be put back whole."""
    (sqlite_copy if of_kind == SQLITE else postgresql_dump).check(copied)


def put(database_url: str, copied: Path) -> None:
    """Put a copy back into an empty database. Raises Refused, OSError."""
    url = make_url(database_url)
    if kind(database_url) == SQLITE:
        db.engine().dispose()
        sqlite_copy.put(copied, Path(str(url.database)))
    else:
        _drop_tables()
        postgresql_dump.put(copied, url)


def is_empty() -> bool:
    """Whether the bound database has no tables of the forum."""
    with db.engine().connect() as connection:
        there = set(inspect(connection).get_table_names())
    return not there & {*Base.metadata.tables, SCHEMA_TABLE}


def require_unused(database_url: str) -> None:
    """Raise Refused while a server uses the database."""
    if kind(database_url) == SQLITE:
        in_use = serving_lock.is_claimed(database_url)
    else:
        with db.engine().connect() as connection:
            in_use = bool(connection.scalar(text(_OTHERS)))
    if in_use:
        raise Refused(IN_USE)


_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


def _drop_tables() -> None:
    """Take away all tables of the forum; others may live beside them."""
    with engines.writing(db.engine()) as connection:
        there = set(inspect(connection).get_table_names())
        for name in sorted(there & {*Base.metadata.tables, SCHEMA_TABLE}):
            connection.execute(text(f'DROP TABLE IF EXISTS "{name}" CASCADE'))
