"""Conversations that are moved, split and merged; canned reasons

Revision: 0013, after 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Without foreign keys: to add one, SQLite's tables are made anew, and dropping the old one
    # takes all posts along. An id that leads nowhere is not found, like any other.
    op.add_column("threads", sa.Column("merged_into_id", sa.Integer(), nullable=True))
    op.add_column("threads", sa.Column("split_from_id", sa.Integer(), nullable=True))
    op.add_column("threads", sa.Column("split_at", sa.Integer(), nullable=True))
    op.add_column(
        "threads", sa.Column("reshaped", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_index("ix_threads_split_from_id", "threads", ["split_from_id"])
    op.create_table(
        "canned_reasons",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_canned_reasons")),
    )


def downgrade() -> None:
    op.drop_table("canned_reasons")
    op.drop_index("ix_threads_split_from_id", "threads")
    for column in ("reshaped", "split_at", "split_from_id", "merged_into_id"):
        op.drop_column("threads", column)
