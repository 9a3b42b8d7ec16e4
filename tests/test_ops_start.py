"""What a start loads, and that it loads no more: every second of it is waited for."""

import os
import subprocess
import sys
from pathlib import Path

# Large, and needed by one command, one page or one kind of database alone.
LATER = ("duckdb", "numpy", "polars", "pyarrow", "pyreadstat", "icalendar", "psycopg", "zxcvbn",
         "alembic")  # fmt: skip


def loaded(folder: Path, words: str) -> set[str]:
    """Return what a process of its own has loaded after these words of Python."""
    told = subprocess.run(
        [sys.executable, "-c", f"{words}\nimport sys; print(*sys.modules)"],
        env={**os.environ, "FORUM_INSTANCE": str(folder)},
        cwd=folder,
        text=True,
        capture_output=True,
        check=True,
    )
    return set(told.stdout.split())


def test_the_server_loads_nothing_that_pages_can_do_without(tmp_path: Path) -> None:
    there = loaded(tmp_path, "from forum.app import create_app; create_app()")
    assert {"flask", "forum.threads.views"} <= there
    assert not there & set(LATER)


def test_what_comes_before_the_server_does_not_load_the_forum(tmp_path: Path) -> None:
    there = loaded(tmp_path, "from forum import serve")
    assert "sqlalchemy" in there
    assert not there & {*LATER, "flask", "forum.app", "forum.demo"}
