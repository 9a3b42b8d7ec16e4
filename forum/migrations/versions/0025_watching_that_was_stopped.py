"""Who has stopped watching a thread does not begin again by writing there

Revision: 0025, after 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "read_marks", sa.Column("stopped", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    # Whoever writes in a thread watches it: who has written and does not, has stopped.
    op.execute(
        "update read_marks set stopped = true where not watching and exists ("
        "select 1 from posts where posts.thread_id = read_marks.thread_id"
        " and posts.author_id = read_marks.account_id)"
    )
    with op.batch_alter_table("read_marks") as marks:
        marks.alter_column("stopped", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("read_marks") as marks:
        marks.drop_column("stopped")
