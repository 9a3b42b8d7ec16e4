"""Schemas: what the models say, what migrations make, and how the newest is told."""

from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect, select, text

from forum import migrations
from forum.accounts.models import AccountRelationship, ContentNotePreference
from forum.core import db
from forum.core.db import reading, transaction
from tests.support.group_world import person


def test_models_and_migrations_agree(app: Flask) -> None:
    command.check(migrations.config())


def test_the_newest_schema_is_told_without_alembic(app: Flask) -> None:
    script = ScriptDirectory.from_config(migrations.config())
    assert script.get_current_head() == migrations.newest() == migrations.current()
    assert len(script.get_heads()) == 1


def test_tables_are_renamed_with_their_rows(app: Flask) -> None:
    fern, moss = person("fern"), person("moss")
    command.downgrade(migrations.config(), "0043")
    with transaction() as session:
        session.execute(
            text(
                "INSERT INTO separations (viewer_id, other_id, kind, created_at) "
                "VALUES (:fern, :moss, 'mute', '2026-01-01 00:00:00+00:00')"
            ),
            {"fern": fern, "moss": moss},
        )
        session.execute(
            text(
                "INSERT INTO theme_choices (account_id, theme, choice) "
                "VALUES (:fern, 'loss', 'open')"
            ),
            {"fern": fern},
        )
    migrations.upgrade()
    muted = select(AccountRelationship.other_id).where(AccountRelationship.viewer_id == fern)
    assert reading().scalars(muted).all() == [moss]
    assert reading().scalars(select(ContentNotePreference.display)).all() == ["open"]
    found = inspect(db.engine())
    old = {"separations", "theme_choices", "suspension_marks", "removals", "risk_flags"}
    assert not old & set(found.get_table_names())
    for table in ("crisis_alerts", "care_messages"):
        constraint = found.get_pk_constraint(table)
        assert constraint["name"] == f"pk_{table}"
        indexes = [index["name"] or "" for index in found.get_indexes(table)]
        assert all(table in name for name in indexes)
