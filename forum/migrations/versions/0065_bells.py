"""Which bell of a queue item has rung last; for what is open already, moderators know of it

Revision: 0065, after 0064
"""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "queue_items", sa.Column("rung_step", sa.Integer(), nullable=False, server_default="0")
    )
    op.execute("update queue_items set rung_step = 9")


def downgrade() -> None:
    op.drop_column("queue_items", "rung_step")
