"""Alembic migrations, run by `forum migrate` and at the start of `forum serve`."""

from functools import lru_cache

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from forum.core import db


def config() -> Config:
    """Return Alembic's settings for the bound database."""
    settings = Config()
    settings.set_main_option("script_location", "forum:migrations")
    settings.attributes["engine"] = db.engine()
    return settings


def upgrade() -> None:
    """Bring the bound database to the newest schema."""
    command.upgrade(config(), "head")


@lru_cache(maxsize=1)
def newest() -> str | None:
    """Return the name of the newest schema that this version of the forum knows."""
    return ScriptDirectory.from_config(config()).get_current_head()
