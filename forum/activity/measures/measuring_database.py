"""The database that snapshots are measured in: DuckDB in memory, opened once in a process.

To open one takes as long as to measure a small study, and a release measures one many times.
"""

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "512MB"


@contextmanager
def measuring(folder: Path) -> "Iterator[DuckDBPyConnection]":
    """Open a snapshot's folder, on a connection with temporary tables of its own and none yet.

    After an error of its own the database is given up, and the next one starts clean.
    """
    import duckdb  # pages show what was computed before: the server need not load it

    with _database().cursor() as base:
        for name in ("events", "participants"):
            base.execute(f"SET VARIABLE {name} = ?", [str(folder / f"{name}.parquet")])
        try:
            yield base
        except duckdb.Error:
            _database.cache_clear()
            raise


@cache
def _database() -> "DuckDBPyConnection":
    import duckdb

    spare = TemporaryDirectory(prefix="measures-")
    atexit.register(spare.cleanup)
    base = duckdb.connect()
    for name, value in (("memory_limit", MEMORY), ("temp_directory", spare.name), ("threads", 2)):
        base.execute(f"SET {name} = '{value}'")
    base.execute("SET preserve_insertion_order = false")
    return base
