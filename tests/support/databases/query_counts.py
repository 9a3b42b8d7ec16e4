"""How many questions a piece of work asks the database, whichever way they take."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from forum.core import db
from forum.core.db.compiled_sql import CompiledStatement


@contextmanager
def executed_statements() -> Iterator[list[str]]:
    """Collect the first word of every statement that is executed in this block."""
    words: list[str] = []
    directly = CompiledStatement.all

    def through_sqlalchemy(*event_arguments: Any) -> None:
        words.append(str(event_arguments[2]).split()[0])

    def counted(prepared: CompiledStatement, **values: Any) -> list[Any]:
        words.append("SELECT")
        return directly(prepared, **values)

    engine = db.engine()
    event.listen(engine, "before_cursor_execute", through_sqlalchemy)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(CompiledStatement, "all", counted)
            yield words
    finally:
        event.remove(engine, "before_cursor_execute", through_sqlalchemy)


def sqlite_work(act: Callable[[], object]) -> int:
    """Return how much SQLite does for this, in thousands of its instructions, at least 1.

    It says how work grows with data, and not how busy the machine is.
    """
    done = 0

    def count() -> int:
        nonlocal done
        done += 1
        return 0

    db.release_session()
    driver: Any = db.current_connection().connection.dbapi_connection
    driver.set_progress_handler(count, 1_000)
    try:
        act()
    finally:
        driver.set_progress_handler(None, 0)
    return max(1, done)
