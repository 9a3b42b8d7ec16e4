"""What is new and what waits is found without looking at every thread, or at the whole log

Revision: 0028, after 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

LATEST, UNANSWERED = "ix_threads_group_id_last_post_at_id", "ix_threads_unanswered"
HELLO = "ix_threads_says_hello"
OBJECTIONS, OPEN = "ix_moderation_objections_open", sa.text("answered_at is null")
WHERE = sa.text("last_number = 1 and post_count = 1")


def upgrade() -> None:
    op.create_index(LATEST, "threads", ["group_id", "last_post_at", "id"])
    op.create_index(
        UNANSWERED,
        "threads",
        ["group_id", "created_at", "id"],
        sqlite_where=WHERE,
        postgresql_where=WHERE,
    )
    op.create_index(
        HELLO,
        "threads",
        ["group_id", "id"],
        sqlite_where=sa.text("says_hello IS 1"),
        postgresql_where=sa.text("says_hello IS true"),
    )
    op.create_index(
        OBJECTIONS,
        "moderation_objections",
        ["log_id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_index(OBJECTIONS, "moderation_objections")
    op.drop_index(HELLO, "threads")
    op.drop_index(UNANSWERED, "threads")
    op.drop_index(LATEST, "threads")
