"""Schemas: what the models say, what migrations make, and how the newest is recognised."""

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect, select, text

from forum import migrations
from forum.accounts.models import AccountRelationship, ContentNotePreference
from forum.core import db
from forum.core.db import Base, current_session, transaction
from forum.notifications.models import Notification
from tests.support.worlds.group_world import person


def test_models_and_migrations_agree(app: Flask) -> None:
    command.check(migrations.config())


def test_the_newest_schema_is_recognised_without_alembic(app: Flask) -> None:
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
        session.execute(
            text(
                "INSERT INTO notifications (account_id, kind, about_id, created_at) "
                "VALUES (:fern, 'objection_waits', 7, '2026-01-01 00:00:00+00:00')"
            ),
            {"fern": fern},
        )
    migrations.upgrade()
    assert current_session().scalars(select(Notification.type)).all() == ["appeal_waiting"]
    muted = select(AccountRelationship.other_id).where(AccountRelationship.viewer_id == fern)
    assert current_session().scalars(muted).all() == [moss]
    assert current_session().scalars(select(ContentNotePreference.display)).all() == ["open"]
    found = inspect(db.engine())
    old = {"separations", "theme_choices", "suspension_marks", "removals", "risk_flags"}
    assert not old & set(found.get_table_names())
    for table in ("crisis_alerts", "care_messages"):
        constraint = found.get_pk_constraint(table)
        assert constraint["name"] == f"pk_{table}"
        indexes = [index["name"] or "" for index in found.get_indexes(table)]
        assert all(table in name for name in indexes)


def test_constraints_of_moderation_are_called_as_in_the_models(app: Flask) -> None:
    found = sa.inspect(db.engine())
    tables = [
        mapper.local_table
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith("forum.moderation.")
    ]
    assert len(tables) > 10
    for table in tables:
        assert isinstance(table, sa.Table)
        there = {found.get_pk_constraint(table.name)["name"]}
        there |= {key["name"] for key in found.get_foreign_keys(table.name)}
        there |= {one["name"] for one in found.get_unique_constraints(table.name)}
        there |= {check["name"] for check in found.get_check_constraints(table.name)}
        if None in there:  # SQLite writes a key that is never given again without its name
            there = there - {None} | {f"pk_{table.name}"}
        assert there == {str(one.name) for one in table.constraints}
