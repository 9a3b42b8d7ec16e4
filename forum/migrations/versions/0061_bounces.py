"""On how many days mails to a confirmed address came back later

Revision: 0061, after 0060
"""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("verified_emails") as table:
        table.add_column(sa.Column("bounces", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    with op.batch_alter_table("verified_emails") as table:
        table.drop_column("bounced_at")
        table.drop_column("bounces")
