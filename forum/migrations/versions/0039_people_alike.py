"""A release that is asked for can want more people to be alike than are needed

Revision: 0039, after 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("release_jobs", sa.Column("alike", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("release_jobs", "alike")
