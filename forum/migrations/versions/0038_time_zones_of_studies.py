"""A study has a time zone, UTC for those that there are, and participants may set their own

Revision: 0038, after 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("studies", sa.Column("zone", sa.String(64), nullable=False, server_default="UTC"))
    op.add_column("participants", sa.Column("zone", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("participants", "zone")
    op.drop_column("studies", "zone")
