"""A removal from a group outlasts the account, and its number is not given again

Revision: 0051, after 0050
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "group_removals",
        sa.Column("recognised", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "removed_identities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer()),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("person_digest", sa.String(64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_removed_identities"),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_removed_identities_account_id_accounts",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name="fk_removed_identities_group_id_groups",
            ondelete="CASCADE",
        ),
    )
    for column in ("account_id", "group_id"):
        op.create_index(f"ix_removed_identities_{column}", "removed_identities", [column])
    op.create_table(
        "last_erased_number",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_last_erased_number"),
    )


def downgrade() -> None:
    op.drop_table("last_erased_number")
    op.drop_table("removed_identities")
    op.drop_column("group_removals", "recognised")
