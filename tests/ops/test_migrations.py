"""Schemas: what the models say, what migrations make, and how the newest is told."""

from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask

from forum import migrations


def test_models_and_migrations_agree(app: Flask) -> None:
    command.check(migrations.config())


def test_the_newest_schema_is_told_without_alembic(app: Flask) -> None:
    script = ScriptDirectory.from_config(migrations.config())
    assert script.get_current_head() == migrations.newest() == migrations.current()
    assert len(script.get_heads()) == 1
