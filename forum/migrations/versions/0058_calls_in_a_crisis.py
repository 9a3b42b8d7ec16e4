"""Whom a crisis calls and when, and who has said that they are there

Crises that are open already were called once, as it was then, and call nobody again.

Revision: 0058, after 0057
"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "crisis_calls",
        sa.Column("id", sa.Integer(), nullable=False),
        _item("crisis_calls"),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("staffed", sa.Boolean(), nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("called_at", _MOMENT),
        sa.Column("ended_at", _MOMENT),
        sa.Column("page_due_at", _MOMENT),
        sa.Column("page_attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_crisis_calls"),
    )
    op.create_index("ix_crisis_calls_page_due_at", "crisis_calls", ["page_due_at"])
    op.create_index("ix_crisis_calls_item_id", "crisis_calls", ["item_id"])
    is_open = sa.text("called_at is null and ended_at is null")
    op.create_index(
        "ix_crisis_calls_open",
        "crisis_calls",
        ["due_at"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    account = sa.ForeignKey(
        "accounts.id",
        name="fk_crisis_acknowledgements_account_id_accounts",
        ondelete="SET NULL",
    )
    op.create_table(
        "crisis_acknowledgements",
        sa.Column("id", sa.Integer(), nullable=False),
        _item("crisis_acknowledgements"),
        sa.Column("account_id", sa.Integer(), account),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_crisis_acknowledgements"),
    )
    for column in ("item_id", "account_id"):
        op.create_index(f"ix_crisis_acknowledgements_{column}", "crisis_acknowledgements", [column])


def downgrade() -> None:
    for table in ("crisis_acknowledgements", "crisis_calls"):
        op.drop_table(table)


def _item(table: str) -> sa.Column[int]:
    """Return the column of the item that a row is about."""
    key = sa.ForeignKey(
        "queue_items.id", name=f"fk_{table}_item_id_queue_items", ondelete="CASCADE"
    )
    return sa.Column("item_id", sa.Integer(), key, nullable=False)
