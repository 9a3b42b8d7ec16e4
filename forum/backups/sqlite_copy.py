"""SQLite: one consistent copy while the forum runs, and putting it in the place of the file."""

from contextlib import closing
from pathlib import Path

import pysqlite3.dbapi2 as driver

from forum.backups.refusals import Refused


def copy(database: Path, into: Path) -> None:
    """Copy the file as it is at one moment; its writers go on meanwhile. Raises Refused."""
    try:
        with closing(driver.connect(database)) as source, closing(driver.connect(into)) as target:
            # All pages in one step: with a log beside the file, a reader is in no writer's way.
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
    except driver.Error as problem:
        raise Refused(f"The database {database} cannot be copied: {problem}.") from problem


def check(copied: Path) -> None:
    """Raise Refused unless SQLite finds the whole file in order."""
    try:
        with closing(driver.connect(copied)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    except driver.Error as problem:
        raise Refused(f"SQLite cannot read the copy: {problem}.") from problem
    if found != ("ok",) or broken:
        raise Refused("SQLite finds the copy damaged, so the database itself may be.")


def put(copied: Path, database: Path) -> None:
    """Put a copy in the place of the file, which no server may be using. Raises OSError."""
    for old in (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))):
        old.unlink(missing_ok=True)
    database.parent.mkdir(parents=True, exist_ok=True)
    copied.chmod(0o600)
    copied.replace(database)
