"""The record says who wrote the post before, and nothing of people who have not agreed

Revision: 0029, after 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

OLD, NEW = "ix_activity_events_replied_to", "ix_activity_events_previous_author"


def upgrade() -> None:
    op.alter_column("activity_events", "replied_to", new_column_name="previous_author")
    _rename_index(OLD, NEW, "previous_author")
    # When somebody wrote who is not in the study, and that it was their first post.
    op.execute(
        sa.text(
            "UPDATE activity_events SET minutes_since = NULL, to_newcomer = NULL "
            "WHERE previous_author IS NULL AND minutes_since IS NOT NULL"
        )
    )


def downgrade() -> None:
    op.alter_column("activity_events", "previous_author", new_column_name="replied_to")
    _rename_index(NEW, OLD, "replied_to")


def _rename_index(old: str, new: str, column: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER INDEX {old} RENAME TO {new}")
    else:
        op.drop_index(old, "activity_events")
        op.create_index(new, "activity_events", [column])
