"""How many questions a piece of work asks the database, whichever way they take."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from forum.core import db
from forum.core.prepared import Prepared


@contextmanager
def asked() -> Iterator[list[str]]:
    """Collect the first word of every statement that is executed in this block."""
    words: list[str] = []
    directly = Prepared.all

    def through_sqlalchemy(*event_arguments: Any) -> None:
        words.append(str(event_arguments[2]).split()[0])

    def counted(prepared: Prepared, **values: Any) -> list[Any]:
        words.append("SELECT")
        return directly(prepared, **values)

    engine = db.engine()
    event.listen(engine, "before_cursor_execute", through_sqlalchemy)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Prepared, "all", counted)
            yield words
    finally:
        event.remove(engine, "before_cursor_execute", through_sqlalchemy)
