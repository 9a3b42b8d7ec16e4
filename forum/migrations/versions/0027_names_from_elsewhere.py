"""Who was brought in under another name is found again by later imports

Revision: 0027, after 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported_names",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_imported_names_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_imported_names")),
    )  # fmt: skip
    op.create_index(op.f("ix_imported_names_account_id"), "imported_names", ["account_id"])


def downgrade() -> None:
    op.drop_table("imported_names")
