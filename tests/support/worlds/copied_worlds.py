"""Worlds that many tests begin with: made once in each database of a process, then copied.

A copy holds the same rows with the same numbers, and takes some milliseconds. After two minutes it
is made again: a meeting without a facilitator for five minutes is over, and one kept world may
begin with another. Where the clock stands still it stays the same for as long as the process runs:
two worlds that are compared have the same random ids, however long the first took.
"""

import shutil
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, exists, select, text

from forum.accounts.models import Account
from forum.core import clock, db
from forum.core.db import Base
from forum.groups.models import Group

T = TypeVar("T")
_NOW = clock.now
SECRET_KEY = "the same for all forums, since worlds that are copied hold digests made with it"
FRESH_FOR_S = 120.0
_made: dict[tuple[str, str], tuple[float, Any]] = {}


def world(name: str, make: Callable[[], T]) -> T:
    """Return what `make` makes, which must be plain values; in an empty database by copying.

    Where a test lets the forum's clock stand still, the world of that moment is another one.
    """
    if not _is_empty():
        return make()
    kind, here = db.engine().dialect.name, str(db.engine().url)
    stands_still = clock.now is not _NOW
    if stands_still:
        name += f"-{clock.now():%Y-%m-%d-%H-%M-%S}"
    made_at, made = _made.get((here, name), (-FRESH_FOR_S, None))
    if (here, name) in _made and (stands_still or time.monotonic() - made_at < FRESH_FOR_S):
        _fill_sqlite(name) if kind == "sqlite" else _fill_postgresql(name)
    else:
        made = make()
        _keep_sqlite(name) if kind == "sqlite" else _keep_postgresql(name)
        # Whoever made it may go on to change it.
        made = deepcopy(made)
        _made[here, name] = time.monotonic(), made
    copy: T = deepcopy(made)
    return copy


def _is_empty() -> bool:
    db.release_session()
    somebody = select(exists(select(Account.id)) | exists(select(Group.id)))
    with db.engine().connect() as connection:
        return not connection.scalar(somebody)


def _keep_sqlite(name: str) -> None:
    db.release_session()
    _place(name).unlink(missing_ok=True)
    with db.engine().connect() as connection:
        connection.execute(text("VACUUM INTO :place"), {"place": str(_place(name))})


def _fill_sqlite(name: str) -> None:
    db.release_session()
    db.engine().dispose()
    here = _here()
    for log in here.parent.glob(f"{here.name}-*"):
        log.unlink()
    shutil.copy(_place(name), here)


def _here() -> Path:
    return Path(db.engine().url.database or "")


def _place(name: str) -> Path:
    return _here().with_name(f"{name}.kept")


def _keep_postgresql(name: str) -> None:
    db.release_session()
    with db.engine().connect() as connection:
        connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')
        connection.exec_driver_sql(f'CREATE SCHEMA "{name}"')
        steps = "".join(_steps(connection, name))
        connection.exec_driver_sql(
            f'CREATE FUNCTION "{name}".fill() RETURNS void LANGUAGE plpgsql '
            f"SET session_replication_role = replica AS $$ BEGIN {steps} END $$"
        )


def _steps(connection: Connection, name: str) -> list[str]:
    """Copy all rows into the schema `name`; return what brings them back, and where numbers are."""
    steps = []
    for table in Base.metadata.sorted_tables:
        if connection.execute(select(table).limit(1)).first():
            kept = f'"{name}"."{table.name}"'
            connection.exec_driver_sql(f'CREATE TABLE {kept} AS TABLE public."{table.name}"')
            steps.append(f'INSERT INTO public."{table.name}" SELECT * FROM {kept};')
    numbers = connection.exec_driver_sql(
        "SELECT sequencename, last_value FROM pg_sequences"
        " WHERE schemaname = 'public' AND last_value IS NOT NULL"
    )
    steps += [f"PERFORM setval('public.\"{row[0]}\"', {row[1]});" for row in numbers]
    return steps


def _fill_postgresql(name: str) -> None:
    db.release_session()
    with db.engine().connect() as connection:
        connection.execute(text(f'SELECT "{name}".fill()'))
