"""Administrators, and what waits about the same thing, are found by an index

Pages of moderation looked at every account and every item for them.

Revision: 0053, after 0052
"""

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_accounts_role", "accounts", ["role"])
    op.create_index("ix_queue_items_target_id", "queue_items", ["target_id", "target_kind"])


def downgrade() -> None:
    op.drop_index("ix_queue_items_target_id", "queue_items")
    op.drop_index("ix_accounts_role", "accounts")
