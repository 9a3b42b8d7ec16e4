"""Acts in rooms: their rows in the log, kept messages, looks and breaks

Revision: 0014, after 0013
"""

import sqlalchemy as sa
from alembic import op

from forum.core.db import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KINDS = "subject_kind in ('post', 'thread', 'person', 'room_message', 'room')"
EARLIER_KINDS = "subject_kind in ('post', 'thread', 'person')"


def upgrade() -> None:
    op.create_table(
        "kept_messages",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("content_note", sa.String(length=80), nullable=False),
        sa.Column("said_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["accounts.id"],
            name=op.f("fk_kept_messages_author_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["queue_entries.id"],
            name=op.f("fk_kept_messages_entry_id_queue_entries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_id", "message_id", name=op.f("pk_kept_messages")),
    )
    op.create_index(op.f("ix_kept_messages_author_id"), "kept_messages", ["author_id"])

    op.create_table(
        "moderation_breaks",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_moderation_breaks_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_moderation_breaks")),
    )

    op.create_table(
        "moderation_looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("subject_kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_moderation_looks_{column}_{table}"),
                ondelete="SET NULL",
            )
            for column, table in (
                ("by_id", "accounts"), ("group_id", "groups"), ("person_id", "accounts"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_looks")),
        sa.UniqueConstraint(
            "by_id", "subject_kind", "subject_id", "what", "hour",
            name=op.f("uq_moderation_looks_by_id_subject_kind_subject_id_what_hour"),
        ),
    )  # fmt: skip
    for columns in (["at"], ["group_id"], ["person_id"], ["subject_kind", "subject_id"]):
        op.create_index(
            op.f(f"ix_moderation_looks_{'_'.join(columns)}"), "moderation_looks", columns
        )
    _make_looks_append_only()
    _allow(KINDS)
    if op.get_bind().dialect.name == "sqlite":
        # PostgreSQL never gives an id again by itself.
        with op.batch_alter_table(
            "room_messages", recreate="always", table_kwargs={"sqlite_autoincrement": True}
        ):
            pass


def _make_looks_append_only() -> None:
    """Refuse to change or delete a look, except to take names out of it."""
    fixed = ("id", "subject_kind", "subject_id", "what", "hour", "at")
    names = ("by_id", "group_id", "person_id")
    sqlite = op.get_bind().dialect.name == "sqlite"
    same = "IS" if sqlite else "IS NOT DISTINCT FROM"
    only_less = " AND ".join(
        [f"NEW.{column} {same} OLD.{column}" for column in fixed]
        + [f"(NEW.{column} {same} OLD.{column} OR NEW.{column} IS NULL)" for column in names]
    )
    if sqlite:
        for name, verb, when in (
            ("kept", "DELETE", ""), ("unchanged", "UPDATE", f"WHEN NOT ({only_less})"),
        ):  # fmt: skip
            op.execute(
                f"CREATE TRIGGER moderation_looks_{name} BEFORE {verb} ON moderation_looks {when} "
                "BEGIN SELECT RAISE(ABORT, 'looks are only added'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION moderation_looks_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' AND ({only_less}) THEN RETURN NEW; END IF; "
        "RAISE EXCEPTION 'looks are only added' USING ERRCODE = '23514'; END $$"
    )
    op.execute(
        "CREATE TRIGGER moderation_looks_unchanged BEFORE UPDATE OR DELETE ON moderation_looks "
        "FOR EACH ROW EXECUTE FUNCTION moderation_looks_unchanged()"
    )


def _allow(kinds: str) -> None:
    """Say what the log's rows can be about."""
    name = op.f("ck_moderation_log_subject_kind")
    bound = op.get_bind()
    if bound.dialect.name != "sqlite":
        op.drop_constraint(name, "moderation_log", type_="check")
        op.create_check_constraint(name, "moderation_log", kinds)
        return
    # To make the table anew, as SQLite must else, would drop its triggers, and objections by
    # cascade. This is SQLite's own way for a constraint that all rows keep.
    version = bound.exec_driver_sql("PRAGMA schema_version").scalar_one()
    before = EARLIER_KINDS if kinds == KINDS else KINDS
    bound.exec_driver_sql("PRAGMA writable_schema = ON")
    bound.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after) "
            "WHERE type = 'table' AND name = 'moderation_log'"
        ),
        {"before": before, "after": kinds},
    )
    bound.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bound.exec_driver_sql("PRAGMA writable_schema = OFF")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table(
            "room_messages", recreate="always", table_kwargs={"sqlite_autoincrement": False}
        ):
            pass
    _allow(EARLIER_KINDS)
    op.drop_table("moderation_looks")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION moderation_looks_unchanged()")
    op.drop_table("moderation_breaks")
    op.drop_table("kept_messages")
