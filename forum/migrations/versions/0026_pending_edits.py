"""Edits that wait for approval

Revision: 0026, after 0025
"""

import sqlalchemy as sa
from alembic import op

from forum.core.db import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pending_edits",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("content_note", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("declined_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("declined_because", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_pending_edits_post_id_posts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name="pk_pending_edits"),
    )


def downgrade() -> None:
    op.drop_table("pending_edits")
