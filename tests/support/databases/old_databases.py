"""Databases as older versions of the code made them, and rows for their tables."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg
import sqlalchemy as sa
from alembic import command

from forum import migrations
from forum.core import db
from tests.support.databases.real_databases import Databases

AT = datetime(2026, 1, 1, tzinfo=UTC)
NUMBERS = count(1)
QUOTED = re.compile(r"'(\w+)'")
PARTITION = re.compile(r"_\d{4}_\d\d$|_other$")
PLAIN: list[tuple[type, object]] = [
    (sa.Boolean, False),
    (sa.Integer, 1),
    (sa.Float, 1.0),
    (sa.DateTime, AT),
    (sa.Date, AT.date()),
    (sa.JSON, {}),
    (sa.LargeBinary, b"x"),
    (sa.String, "x"),
]


@contextmanager
def old_database(
    kind: str, revision: str, folder: Path, databases: Databases
) -> Iterator[sa.Engine]:
    """Bind an empty database of this kind with the schema of this revision."""
    server = "" if kind == "sqlite" else databases.postgresql()
    name = f"of_older_code_{next(NUMBERS)}"
    if server:
        # It goes with the server. Dropped by force and made again under one name, it was not there
        # for the next test's connections: the server ended them.
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
    address = server.replace("/postgres?", f"/{name}?") or f"sqlite:///{folder / 'old.sqlite3'}"
    db.bind(address)
    try:
        command.upgrade(migrations.config(), revision)
        yield db.engine()
    finally:
        db.release_session()
        db.engine().dispose()


def tables(engine: sa.Engine) -> list[sa.Table]:
    """Return the forum's tables that are there now, each after those it refers to."""
    found = sa.MetaData()
    found.reflect(engine)
    parts = ("alembic_version", *filter(PARTITION.search, found.tables))
    return [table for table in found.sorted_tables if table.name not in parts]


def fill(engine: sa.Engine, **given: dict[str, object]) -> None:
    """Put one row into every table; `given` says of some tables what columns of it hold."""
    with engine.begin() as connection:
        for table in tables(engine):
            row = {column.name: _plain(column) for column in table.columns if _is_needed(column)}
            connection.execute(table.insert().values({**row, **given.get(table.name, {})}))


def _is_needed(column: sa.Column[object]) -> bool:
    optional = column.nullable or column.server_default is not None
    return column.primary_key or not optional


def _plain(column: sa.Column[object]) -> object:
    """Return what is allowed in a column, whatever else it is."""
    for constraint in column.table.constraints:
        if isinstance(constraint, sa.CheckConstraint):
            words = str(constraint.sqltext)
            if re.match(rf"\W*{column.name}\b", words) and (allowed := QUOTED.search(words)):
                return allowed[1]
    return next(value for of, value in PLAIN if isinstance(column.type, of))
