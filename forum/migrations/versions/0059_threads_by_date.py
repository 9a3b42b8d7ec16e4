"""An index of threads by when they were started, for how long people wait for a first reply

Revision: 0059, after 0058
"""

from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_threads_created_at", "threads", ["created_at"])


def downgrade() -> None:
    op.drop_index("ix_threads_created_at", "threads")
