"""Reminders of whole series, and of what about a meeting people were told already

Whoever asked for a meeting still wants it.

Revision: 0062, after 0061
"""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_NEW = ("announced_at", "opening_told_at", "moved_from")


def upgrade() -> None:
    op.create_table(
        "series_reminders",
        _key("series_id", "meeting_series"),
        _key("account_id", "accounts"),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("series_id", "account_id", name="pk_series_reminders"),
    )
    op.create_index("ix_series_reminders_account_id", "series_reminders", ["account_id"])
    op.add_column(
        "meeting_reminders",
        sa.Column("wanted", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    for name in _NEW:
        op.add_column("meetings", sa.Column(name, _MOMENT))


def downgrade() -> None:
    op.execute("delete from meeting_reminders where not wanted")
    for name in _NEW:
        op.drop_column("meetings", name)
    op.drop_column("meeting_reminders", "wanted")
    op.drop_table("series_reminders")


def _key(column: str, table: str) -> sa.Column[int]:
    name = f"fk_series_reminders_{column}_{table}"
    key = sa.ForeignKey(f"{table}.id", name=name, ondelete="CASCADE")
    return sa.Column(column, sa.Integer(), key, nullable=False)
