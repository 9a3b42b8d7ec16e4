"""Who facilitates a series or a meeting, and when cover for a meeting was asked for

Revision: 0068, after 0067
"""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for column in ("cover_asked_at", "uncovered_told_at"):
        op.add_column("meetings", sa.Column(column, _MOMENT, nullable=True))
    _create("series_facilitators", "series_id", "meeting_series")
    _create(
        "meeting_facilitators",
        "meeting_id",
        "meetings",
        sa.Column("comes", sa.Boolean(), nullable=False),
        sa.Column("said_at", _MOMENT, nullable=False),
    )


def _create(table: str, of: str, target: str, *more: sa.Column[object]) -> None:
    op.create_table(
        table,
        sa.Column(of, sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        *more,
        sa.ForeignKeyConstraint(
            [of], [f"{target}.id"], name=op.f(f"fk_{table}_{of}_{target}"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f(f"fk_{table}_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(of, "account_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_account_id"), table, ["account_id"])


def downgrade() -> None:
    op.drop_table("meeting_facilitators")
    op.drop_table("series_facilitators")
    for column in ("uncovered_told_at", "cover_asked_at"):
        op.drop_column("meetings", column)
