"""Somebody may have several drafts in one place, of tabs and devices that wrote at once

Revision: 0049, after 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

WORDS = "account_id, group_id, thread_id, title, body, content_note, saved_at"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        key = "md5(random()::text || account_id || '-' || thread_id)"
    else:
        key = "lower(hex(randomblob(16)))"
    _replace(
        [
            sa.Column("key", sa.String(32), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("writer", sa.String(32), nullable=False),
        ],
        ("key", key), ("version", "1"), ("writer", "''"),
    )  # fmt: skip


def downgrade() -> None:
    _replace([])


def _replace(more: list[sa.Column[object]], *values: tuple[str, str]) -> None:
    """Make the table anew, with what it holds; a primary key cannot be changed on SQLite."""
    op.execute("CREATE TABLE drafts_before AS SELECT * FROM drafts")
    op.drop_table("drafts")
    op.create_table(
        "drafts",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(150), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("content_note", sa.String(80), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        *more,
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_drafts_account_id_accounts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name="fk_drafts_group_id_groups", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "group_id", "thread_id", *(c.name for c in more[:1]), name="pk_drafts"
        ),
    )  # fmt: skip
    op.create_index("ix_drafts_group_id", "drafts", ["group_id"])
    names = "".join(f", {name}" for name, _ in values)
    given = "".join(f", {value}" for _, value in values)
    latest = "" if values else (
        " WHERE saved_at = (SELECT max(saved_at) FROM drafts_before AS other"
        " WHERE other.account_id = drafts_before.account_id"
        " AND other.group_id = drafts_before.group_id"
        " AND other.thread_id = drafts_before.thread_id)"
    )  # fmt: skip
    op.execute(
        f"INSERT INTO drafts ({WORDS}{names}) "  # noqa: S608 - made of constants
        f"SELECT {WORDS}{given} FROM drafts_before{latest}"
    )
    op.drop_table("drafts_before")
