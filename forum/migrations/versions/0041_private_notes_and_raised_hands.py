"""Private notes, raised hands and the counts of attendance go by their usual names

SQLite keeps the old names of keys inside its tables' definitions, where nothing asks for them.

Revision: 0041, after 0040
"""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLES = {"room_words": "private_notes", "room_hands": "raised_hands"}
COLUMNS = {
    "private_notes": {},
    "raised_hands": {"place": "position", "turn_at": "speaking_since"},
    "attendance": {
        "turns": "speaking_turns",
        "messages": "message_count",
        "words": "word_count",
        "said_at": "last_message_at",
        "draft_note": "draft_content_note",
    },
}
INDEXES = {
    "private_notes": ("meeting_id", "about_id", "author_id"),
    "raised_hands": ("account_id",),
}
KEYS = {
    "private_notes": (
        "pk_{}",
        "fk_{}_meeting_id_meetings",
        "fk_{}_about_id_accounts",
        "fk_{}_author_id_accounts",
    ),
    "raised_hands": ("pk_{}", "fk_{}_meeting_id_meetings", "fk_{}_account_id_accounts"),
}
ONE_SPEAKER = "ix_{}_one_speaker"


def upgrade() -> None:
    op.drop_index(ONE_SPEAKER.format("room_hands"), "room_hands")
    for old, new in TABLES.items():
        op.rename_table(old, new)
        _rename_keys(new, old, new)
    for table, columns in COLUMNS.items():
        for old, new in columns.items():
            op.alter_column(table, old, new_column_name=new)
    _one_speaker("raised_hands", "speaking_since is not null")


def downgrade() -> None:
    op.drop_index(ONE_SPEAKER.format("raised_hands"), "raised_hands")
    for table, columns in COLUMNS.items():
        for old, new in columns.items():
            op.alter_column(table, new, new_column_name=old)
    for old, new in TABLES.items():
        op.rename_table(new, old)
        _rename_keys(old, new, old)
    _one_speaker("room_hands", "turn_at is not null")


def _one_speaker(table: str, where: str) -> None:
    name = ONE_SPEAKER.format(table)
    op.execute(f"CREATE UNIQUE INDEX {name} ON {table} (meeting_id) WHERE {where}")


def _rename_keys(table: str, old: str, new: str) -> None:
    """Give indexes, keys and the counter of a table that has been renamed its new name."""
    of = TABLES.get(table, table)
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for column in INDEXES[of]:
        old_index, new_index = f"ix_{old}_{column}", f"ix_{new}_{column}"
        if is_postgresql:
            op.execute(f"ALTER INDEX {old_index} RENAME TO {new_index}")
        else:
            op.drop_index(old_index, table)
            op.create_index(new_index, table, [column])
    if not is_postgresql:
        return
    for key in KEYS[of]:
        op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {key.format(old)} TO {key.format(new)}")
    if of == "private_notes":
        op.execute(f"ALTER SEQUENCE {old}_id_seq RENAME TO {new}_id_seq")
