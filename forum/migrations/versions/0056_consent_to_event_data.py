"""A consent has a clause of its own for data event by event

Nobody has agreed to that so far: sharing was asked for in published, anonymized data alone.

Revision: 0056, after 0055
"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    asked: sa.Column[bool] = sa.Column(
        "events", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("consents", asked)


def downgrade() -> None:
    op.drop_column("consents", "events")
