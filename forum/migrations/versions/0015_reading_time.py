"""Reading time: visits of participants, and how many posts they saw

Revision: 0015, after 0014
"""

import sqlalchemy as sa
from alembic import op

from forum.core.db import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visits",
        sa.Column("participant", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("began_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("alive_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("read_until", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant"],
            ["participants.key"],
            name=op.f("fk_visits_participant_participants"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant", name=op.f("pk_visits")),
    )
    # Plainly, since to copy a record of millions of rows for one empty column would take long.
    op.add_column("activity_events", sa.Column("posts_seen", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("activity_events", "posts_seen")
    op.drop_table("visits")
