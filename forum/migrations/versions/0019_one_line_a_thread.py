"""Those who watch a thread have one unread line for all its new replies

Revision: 0019, after 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INDEX = "ix_notifications_unread_thread"
WHERE = sa.text("read_at is null and thread_id is not null")


def upgrade() -> None:
    # What was told before stays a line about one reply each.
    op.add_column("notifications", sa.Column("thread_id", sa.Integer(), nullable=True))
    op.create_index(
        INDEX,
        "notifications",
        ["thread_id", "account_id"],
        unique=True,
        sqlite_where=WHERE,
        postgresql_where=WHERE,
    )


def downgrade() -> None:
    op.drop_index(INDEX, "notifications")
    op.drop_column("notifications", "thread_id")
