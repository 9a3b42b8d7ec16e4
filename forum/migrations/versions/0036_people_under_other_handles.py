"""Earlier handles and suspensions belong to a person; a refused address is refused at every door

Revision: 0036, after 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Whose the handles were that were left behind until now, nobody knows any more.
    with op.batch_alter_table("retired_handles") as table:
        table.add_column(sa.Column("account_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_retired_handles_account_id_accounts"),
            "accounts",
            ["account_id"],
            ["id"],
            ondelete="SET NULL",
        )
        table.create_index(op.f("ix_retired_handles_account_id"), ["account_id"])
    # It takes the key to fill this in; marks of before tell their browsers by the handle.
    op.add_column("suspension_marks", sa.Column("person_digest", sa.String(64), nullable=True))
    op.drop_column("accounts", "email_was_marked")


def downgrade() -> None:
    op.add_column(
        "accounts",
        sa.Column("email_was_marked", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.drop_column("suspension_marks", "person_digest")
    with op.batch_alter_table("retired_handles") as table:
        table.drop_index(op.f("ix_retired_handles_account_id"))
        table.drop_constraint(op.f("fk_retired_handles_account_id_accounts"), type_="foreignkey")
        table.drop_column("account_id")
