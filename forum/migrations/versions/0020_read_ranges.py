"""What somebody has read of a thread beyond something that they have not

Revision: 0020, after 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A mark of before meant "seen, or passed over": nobody knows which, so it goes on to hold.
    op.create_table(
        "read_ranges",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_read_ranges_account_id_accounts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["threads.id"],
            name="fk_read_ranges_thread_id_threads",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "thread_id", "first", name="pk_read_ranges"),
    )
    op.create_index("ix_read_ranges_thread_id", "read_ranges", ["thread_id"])


def downgrade() -> None:
    op.drop_table("read_ranges")
