"""Removals hold, and a role says by whose hands somebody has it

Revision: 0021, after 0020
"""

import sqlalchemy as sa
from alembic import op

from forum.core.db import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Roles given before have no hands: nobody knows any longer who gave them.
    op.add_column("memberships", sa.Column("role_since", UtcDateTime(timezone=True), nullable=True))
    op.add_column(
        "memberships", sa.Column("role_hands", sa.JSON(), nullable=False, server_default="[]")
    )
    op.add_column("memberships", sa.Column("invitation_id", sa.Integer(), nullable=True))
    op.create_table(
        "removals",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_removals_account_id_accounts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name="fk_removals_group_id_groups", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "group_id", name="pk_removals"),
    )
    op.create_index("ix_removals_group_id", "removals", ["group_id"])


def downgrade() -> None:
    op.drop_table("removals")
    op.drop_column("memberships", "invitation_id")
    op.drop_column("memberships", "role_hands")
    op.drop_column("memberships", "role_since")
