"""Of what in a group somebody wants to be told; nobody has chosen yet

Revision: 0057, after 0056
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "group_watches",
        _key("account_id", "accounts"),
        _key("group_id", "groups"),
        sa.Column("level", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "group_id", name="pk_group_watches"),
    )
    op.create_index("ix_group_watches_group_id", "group_watches", ["group_id"])


def downgrade() -> None:
    op.drop_table("group_watches")


def _key(column: str, table: str) -> sa.Column[int]:
    name = f"fk_group_watches_{column}_{table}"
    key = sa.ForeignKey(f"{table}.id", name=name, ondelete="CASCADE")
    return sa.Column(column, sa.Integer(), key, nullable=False)
