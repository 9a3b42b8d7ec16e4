"""Suspensions outlast the erasure of an account

Revision: 0031, after 0030
"""

import sqlalchemy as sa
from alembic import op

from forum.core.db import UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Accounts that are suspended already are marked when they are erased: that takes the key.
    op.create_table(
        "suspension_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("handle_digest", sa.String(length=64), nullable=False),
        sa.Column("email_digest", sa.String(length=64), nullable=True),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_suspension_marks_account_id_accounts",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_suspension_marks"),
    )
    op.create_index("ix_suspension_marks_account_id", "suspension_marks", ["account_id"])


def downgrade() -> None:
    op.drop_table("suspension_marks")
