"""What moderators had done and left open is there under the names that tables have now."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.exc import DBAPIError

from forum import migrations
from forum.core import db
from tests.support.databases.old_databases import old_database
from tests.support.databases.real_databases import Databases

BEFORE, AFTER = "0044", "0045"
AT = "'2026-01-01 00:00:00'"
ROWS = f"""
    INSERT INTO moderation_log (id, act, second_id, subject_kind, subject_id, reason, message,
        before, after, undoes_id, at) VALUES
        (1, 'hide', NULL, 'post', 5, 'Why', '', '{{"hidden": false}}', '{{"hidden": true}}', NULL,
            {AT}),
        (2, 'undo', NULL, 'post', 5, '', '', '{{}}', '{{}}', 1, {AT}),
        (3, 'proposal_lapsed', NULL, 'post', 5, '', '', '{{}}', '{{}}', NULL, {AT});
    INSERT INTO moderation_looks (id, subject_kind, subject_id, what, hour, at)
        VALUES (1, 'post', 5, 'hidden', 1, {AT});
    INSERT INTO queue_entries (id, kind, subject_kind, subject_id, urgency, distressing, reports,
        version, opened_at, outcome) VALUES
        (1, 'risk', 'room_word', 7, 0, true, 0, 1, {AT}, ''),
        (2, 'report', 'post', 5, 2, false, 1, 2, {AT}, '');
    INSERT INTO queue_steps (id, entry_id, step, note, at) VALUES (1, 2, 'opened', '', {AT});
    INSERT INTO reports (id, entry_id, reason, words, created_at, answer)
        VALUES (1, 2, 'unkind', 'It hurt', {AT}, '');
    INSERT INTO kept_messages (entry_id, message_id, body, content_note, said_at)
        VALUES (2, 9, 'Said', '', {AT})
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def old(
    request: pytest.FixtureRequest, tmp_path: Path, real_databases: Databases
) -> Iterator[None]:
    """Bind a database of the code before, with rows in it."""
    with old_database(request.param, BEFORE, tmp_path, real_databases) as engine:
        with engine.begin() as connection:
            for statement in ROWS.split(";"):
                connection.exec_driver_sql(statement)
        yield


def rows(words: str) -> list[tuple[object, ...]]:
    with db.engine().connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(words))]


def test_what_was_there_is_there_under_its_new_name(old: None) -> None:
    command.upgrade(migrations.config(), AFTER)
    assert rows("SELECT id, action, target_id, undoes_id FROM audit_log_entries ORDER BY id") == [
        (1, "hide", 5, None),
        (2, "undo", 5, 1),
        (3, "approval_expired", 5, None),
    ]
    assert rows("SELECT reason, target_kind FROM access_log_entries") == [("hidden", "post")]
    assert rows("SELECT kind, target_kind FROM queue_items ORDER BY id") == [
        ("crisis_alert", "private_note"),
        ("report", "post"),
    ]
    assert rows("SELECT item_id, transition FROM queue_transitions") == [(2, "opened")]
    assert rows("SELECT item_id, details FROM reports") == [(2, "It hurt")]
    assert rows("SELECT item_id, body FROM report_evidence") == [(2, "Said")]
    for change in (
        "UPDATE audit_log_entries SET action = 'lock'",
        "DELETE FROM audit_log_entries",
        "UPDATE access_log_entries SET hour = 2",
        "DELETE FROM access_log_entries",
    ):
        with pytest.raises(DBAPIError), db.engine().begin() as connection:
            connection.execute(sa.text(change))
    command.downgrade(migrations.config(), BEFORE)
    assert rows("SELECT act FROM moderation_log WHERE id = 3") == [("proposal_lapsed",)]
    with pytest.raises(DBAPIError), db.engine().begin() as connection:
        connection.execute(sa.text("UPDATE moderation_log SET act = 'lock'"))
