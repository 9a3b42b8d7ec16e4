"""Posts that are held for a first look

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op

from forum.core.db import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "post_reviews",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("held_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("usual_minutes", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["accounts.id"],
            name=op.f("fk_post_reviews_decided_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name=op.f("fk_post_reviews_group_id_groups"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["posts.id"],
            name=op.f("fk_post_reviews_post_id_posts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post_reviews")),
    )
    with op.batch_alter_table("post_reviews", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_post_reviews_decided_by_id"), ["decided_by_id"], unique=False
        )
        batch_op.create_index(
            "ix_post_reviews_group_id_decided_at", ["group_id", "decided_at"], unique=False
        )
    op.add_column(
        "groups",
        sa.Column("hold_first_posts", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "threads", sa.Column("held_count", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "threads", sa.Column("reviewed", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("posts", sa.Column("held_at", UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:

    op.drop_column("posts", "held_at")
    op.drop_column("threads", "reviewed")
    op.drop_column("threads", "held_count")
    op.drop_column("groups", "hold_first_posts")
    op.drop_table("post_reviews")
