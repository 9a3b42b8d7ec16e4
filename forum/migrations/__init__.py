"""Alembic migrations, run by `forum migrate` and at the start of `forum serve`.

Revisions are numbered; the file `0007_why.py` holds revision 0007. Whether a database is up to date
can then be told without Alembic, which takes long to load.
"""

import traceback
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from forum.core import db
from forum.core.db import database_errors

VERSIONS = Path(__file__).parent / "versions"
FOREIGN = (
    "The database in FORUM_DATABASE_URL belongs to another program. "
    "Give the forum a database of its own."
)
INCOMPLETE = (
    "The database in FORUM_DATABASE_URL lacks tables of the forum: a backup was put back in part, "
    "or it belongs to another program. Put back a whole backup, or give the forum a database of "
    "its own."
)
EARLIEST = frozenset({"accounts", "groups", "posts"})

if TYPE_CHECKING:
    from alembic.config import Config


class Refused(Exception):
    """This database cannot be brought to the newest schema; the message says why, in a sentence."""


def config() -> "Config":
    """Return Alembic's settings for the bound database."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", "forum:migrations")
    settings.attributes["engine"] = db.engine()
    return settings


def upgrade() -> None:
    """Bring the bound database to the newest schema, if it is not there yet. Raises Refused."""
    found = current()
    if found == newest():
        if lacks(EARLIEST):  # all of them are looked for by /readyz, which has loaded them
            raise Refused(INCOMPLETE)
        return
    if found is not None and not found.isdecimal():
        raise Refused(FOREIGN)
    if found is not None and found not in known():
        raise Refused(
            f"The database has the schema {found}, which this version of the forum does not know. "
            "Start the version that made it, or a newer one."
        )
    from alembic import command

    try:
        command.upgrade(config(), "head")
    except Refused:
        raise
    except Exception as problem:
        if database_errors.explain(problem):
            raise
        raise Refused(
            f"The database could not be brought from schema {found or 'none'} to {newest()}: "
            f"{type(problem).__name__} at {_where(problem)}. Nothing in it was changed; the "
            "version that you had still works with it. Please report this line."
        ) from problem


def refuse_foreign(ours: Iterable[str]) -> None:
    """Raise Refused if the bound database holds tables and none of our schemas.

    In PostgreSQL others may live beside us: there only tables with names of `ours` are in the way.
    """
    if current() is not None:
        return
    with db.engine().connect() as connection:
        there = set(inspect(connection).get_table_names()) - {"alembic_version"}
    if db.engine().dialect.name == "postgresql":
        there &= set(ours)
    if there:
        raise Refused(FOREIGN)


def lacks(names: Iterable[str]) -> bool:
    """Whether the bound database has not all of these tables."""
    with db.engine().connect() as connection:
        return not set(names) <= set(inspect(connection).get_table_names())


def _where(problem: BaseException) -> str:
    """Return the last step of a migration that an error went through, as file:line."""
    steps = [
        f"{Path(step.filename).name}:{step.lineno}"
        for step in traceback.extract_tb(problem.__traceback__)
        if Path(step.filename).parent == VERSIONS
    ]
    return steps[-1] if steps else "no step of ours"


def current() -> str | None:
    """Return the name of the bound database's schema; None if it has none yet."""
    with db.engine().connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        # Another program's may have other columns.
        found = connection.scalar(text("SELECT * FROM alembic_version"))
    return None if found is None else str(found)


@lru_cache(maxsize=1)
def newest() -> str:
    """Return the name of the newest schema that this version of the forum knows."""
    return max(known())


def known() -> set[str]:
    """Return the names of all schemas that this version of the forum knows."""
    return {file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*_*.py")}
