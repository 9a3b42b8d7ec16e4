"""A meeting's version counts from 1: it no longer counts states, and 0 asks for everything

Revision: 0037, after 0036
"""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE meetings SET version = 1 WHERE version = 0")


def downgrade() -> None:
    """Nothing to take back: what is older counts on from any number."""
