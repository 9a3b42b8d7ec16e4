"""Devices that take push messages, and what each has had of a delivery to several

Revision: 0066, after 0065
"""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "push_devices",
        sa.Column("id", sa.Integer(), nullable=False),
        _owner("account_id", "push_devices", "accounts"),
        _owner("session_id", "push_devices", "login_sessions"),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("endpoint_digest", sa.String(64), nullable=False),
        sa.Column("p256dh", sa.String(100), nullable=False),
        sa.Column("auth", sa.String(40), nullable=False),
        sa.Column("key_digest", sa.String(16), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("sent_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_push_devices"),
        sa.UniqueConstraint("endpoint_digest", name="uq_push_devices_endpoint_digest"),
    )
    for column in ("account_id", "session_id"):
        op.create_index(f"ix_push_devices_{column}", "push_devices", [column])
    op.create_table(
        "push_receipts",
        _owner("device_id", "push_receipts", "push_devices"),
        sa.Column("delivery_key", sa.String(40), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("device_id", "delivery_key", name="pk_push_receipts"),
    )
    op.create_index("ix_push_receipts_at", "push_receipts", ["at"])


def downgrade() -> None:
    for table in ("push_receipts", "push_devices"):
        op.drop_table(table)


def _owner(column: str, table: str, owner: str) -> sa.Column[int]:
    """Return the column of what a row goes with."""
    key = sa.ForeignKey(f"{owner}.id", name=f"fk_{table}_{column}_{owner}", ondelete="CASCADE")
    return sa.Column(column, sa.Integer(), key, nullable=False)
