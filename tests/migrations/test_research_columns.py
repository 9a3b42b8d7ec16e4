"""Columns of research are renamed with what is in them, on both databases, there and back."""

from typing import Any

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from forum import migrations
from forum.core import clock, db
from forum.core.db import transaction
from forum.research import queries
from forum.research.models import Visit
from forum.research.studies import audit_log
from tests.support import factories
from tests.support.research import study_world
from tests.support.research.study_world import PASSWORD

BEFORE = "0046"
TABLES = ("release_jobs", "released_rows", "research_log", "visits")


def contents() -> dict[str, list[tuple[Any, ...]]]:
    db.release_session()
    found = {}
    for table in TABLES:
        rows = db.current_session().execute(text(f"SELECT * FROM {table} ORDER BY 1, 2")).all()
        found[table] = [tuple(map(str, row)) for row in rows]
    db.release_session()
    return found


def test_renamed_columns_keep_what_is_in_them(app: Flask) -> None:
    room = study_world.study()
    ash, boss = room.member(), factories.person(password=PASSWORD, role="administrator")
    room.agree(ash)
    study_world.run(boss, room.group_id)
    study_world.released(room, [ash], 0.5, clock.now())
    key, now = queries.participant_key(ash.id or 0, room.study_id), clock.now()
    moments = {"started_at": now, "certain_until": now, "possible_until": now, "read_until": now}
    with transaction() as session:
        session.add(Visit(participant=key, consent_id=1, row_id=7, **moments))
    before = contents()
    assert all(before.values())
    command.downgrade(migrations.config(), BEFORE)
    named = "SELECT act FROM research_log WHERE why = 'As agreed with the board.'"
    assert db.current_session().execute(text(named)).scalar() == "excused"
    db.release_session()
    command.upgrade(migrations.config(), "head")
    assert contents() == before
    excused = [each for each in audit_log.entries("evenings", None, 1) if each.reason]
    assert [each.action for each in excused] == ["excused"]
    db.release_session()
    for change in ("UPDATE research_log SET action = 'closed'", "DELETE FROM research_log"):
        with pytest.raises(DBAPIError), transaction() as session:
            session.execute(text(change))
