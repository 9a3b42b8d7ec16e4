"""Alembic migrations, run by `forum migrate` and at the start of `forum serve`.

Revisions are numbered; the file `0007_why.py` holds revision 0007. Whether a database is up to date
can then be told without Alembic, which takes long to load.
"""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from forum.core import db

if TYPE_CHECKING:
    from alembic.config import Config


class Unknown(Exception):
    """The database has a schema that this version of the forum does not know."""


def config() -> "Config":
    """Return Alembic's settings for the bound database."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", "forum:migrations")
    settings.attributes["engine"] = db.engine()
    return settings


def upgrade() -> None:
    """Bring the bound database to the newest schema, if it is not there yet. Raises Unknown."""
    found = current()
    if found == newest():
        return
    if found is not None and found not in known():
        raise Unknown(found)
    from alembic import command

    command.upgrade(config(), "head")


def current() -> str | None:
    """Return the name of the bound database's schema; None if it has none yet."""
    with db.engine().connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


@lru_cache(maxsize=1)
def newest() -> str:
    """Return the name of the newest schema that this version of the forum knows."""
    return max(known())


def known() -> set[str]:
    """Return the names of all schemas that this version of the forum knows."""
    versions = Path(__file__).parent / "versions"
    return {file.name.partition("_")[0] for file in versions.glob("[0-9]*_*.py")}
