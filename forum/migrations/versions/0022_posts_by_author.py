"""Which threads hold posts of one person is asked for those who keep apart from them

Revision: 0022, after 0021
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

INDEX = "ix_posts_author_id_thread_id"


def upgrade() -> None:
    op.create_index(INDEX, "posts", ["author_id", "thread_id"])


def downgrade() -> None:
    op.drop_index(INDEX, "posts")
