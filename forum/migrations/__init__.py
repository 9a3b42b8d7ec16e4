"""Alembic migrations, run by `forum migrate` and at the start of `forum serve`."""

from alembic import command
from alembic.config import Config

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
