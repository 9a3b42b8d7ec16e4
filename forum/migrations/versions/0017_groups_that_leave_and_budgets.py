"""Groups that leave a study, and the privacy budget of releases

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op

from forum.core.db import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("study_groups", sa.Column("left_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("releases", sa.Column("epsilon", sa.Double(), nullable=True))


def downgrade() -> None:
    op.drop_column("releases", "epsilon")
    op.drop_column("study_groups", "left_at")
