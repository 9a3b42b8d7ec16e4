"""A row in every table of a database that older code made is there after the newest migration."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from forum import migrations
from tests.support.databases.old_databases import fill, old_database, tables
from tests.support.databases.real_databases import Databases

BEFORE = "0031"
GIVEN: dict[str, dict[str, object]] = {
    "accounts": {"handle": "fern"},
    "attendance": {"turns": 2, "messages": 3, "words": 4, "said_at": None},
    "meetings": {"version": 0},
    "release_jobs": {"tier": "microdata"},
    "room_hands": {"place": 5},
    "room_words": {"body": "Between us"},
}
NOW = {
    "SELECT handle, length(public_id) FROM accounts": ("fern", 16),
    "SELECT speaking_turns, message_count, word_count FROM attendance": (2, 3, 4),
    "SELECT version FROM meetings": (1,),
    "SELECT position FROM raised_hands": (5,),
    "SELECT body FROM private_notes": ("Between us",),
    "SELECT columns, guesses FROM release_jobs": ("all", None),
    "SELECT length(digest), length(digest_key) FROM released_rows": (64, 64),
}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_row_is_kept(kind: str, tmp_path: Path, real_databases: Databases) -> None:
    with old_database(kind, BEFORE, tmp_path, real_databases) as engine:
        fill(engine, **GIVEN)
        there = len(tables(engine))
        migrations.upgrade()
        with engine.connect() as connection:
            rows = [
                connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
                for table in tables(engine)
                if not table.name.startswith("search_")  # SQLite counts no rows of an index
            ]
            found = {words: tuple(connection.execute(sa.text(words)).one()) for words in NOW}
    assert sum(row > 0 for row in rows) == there
    assert found == NOW
