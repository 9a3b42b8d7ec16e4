"""Mailboxes to which the forum sends nothing at all, as keyed digests

Revision: 0060, after 0059
"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stopped_mailboxes",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_stopped_mailboxes"),
    )


def downgrade() -> None:
    op.drop_table("stopped_mailboxes")
