"""A membership says since when what others write is new to its member

For those who are members it is since they joined, as before.

Revision: 0052, after 0051
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    since: sa.Column[object] = sa.Column(
        "new_since",
        sa.DateTime(timezone=True),
        nullable=False,
        server_default="1970-01-01 00:00:00",
    )
    op.add_column("memberships", since)
    op.execute("UPDATE memberships SET new_since = joined_at")


def downgrade() -> None:
    op.drop_column("memberships", "new_since")
