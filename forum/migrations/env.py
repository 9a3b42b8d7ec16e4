"""Run by Alembic."""

from typing import Any

from alembic import context
from sqlalchemy.engine import Engine

from forum import migrations
from forum.core.db import Base, engines
from forum.migrations import tables

assert tables.ALL  # noqa: S101 - every slice's tables must be known before they are compared


def is_compared(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether the models speak of it: not of an index that is of another kind in each database,
    nor of the months of a partitioned table, which are only in PostgreSQL.
    """
    return kind != "table" or not (name or "").startswith(("activity_events_", "search_index"))


def run(engine: Engine) -> None:
    """Migrate on one write transaction. Raises Refused for the database of another program."""
    migrations.refuse_foreign(Base.metadata.tables)
    with engines.writing(engine) as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            include_name=is_compared,
        )
        with context.begin_transaction():
            context.run_migrations()


run(context.config.attributes["engine"])
