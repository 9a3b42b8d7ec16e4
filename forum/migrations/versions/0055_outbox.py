"""What is sent outside the forum, what members chose about it, and addresses that they confirmed

Nobody has confirmed an address yet, so nobody is sent anything until they do.

Revision: 0055, after 0054
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "verified_emails",
        _account("verified_emails"),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("verified_at", _MOMENT, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("off_at", _MOMENT),
        sa.Column("off_reason", sa.String(16), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("account_id", name="pk_verified_emails"),
    )
    op.create_table(
        "notification_choices",
        _account("notification_choices"),
        sa.Column("choice", sa.String(24), nullable=False),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("frequency", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "choice", "channel", name="pk_notification_choices"),
    )
    op.create_table(
        "notification_settings",
        _account("notification_settings"),
        sa.Column("zone", sa.String(64), nullable=False, server_default="UTC"),
        sa.Column("quiet_from", sa.Integer()),
        sa.Column("quiet_until", sa.Integer()),
        sa.Column("break_until", _MOMENT),
        sa.Column("digest_day", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("digest_hour", sa.Integer(), nullable=False, server_default="8"),
        sa.Column("shows_details", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("account_id", name="pk_notification_settings"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        _account("deliveries"),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("event_key", sa.String(36), nullable=False),
        sa.Column(
            "notification_id",
            sa.Integer(),
            sa.ForeignKey(
                "notifications.id",
                name="fk_deliveries_notification_id_notifications",
                ondelete="CASCADE",
            ),
        ),
        sa.Column("type", sa.String(24), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("leased_by", sa.String(32)),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint(
            "account_id", "event_key", "channel", name="uq_deliveries_account_id_event_key_channel"
        ),
    )
    op.create_index("ix_deliveries_notification_id", "deliveries", ["notification_id"])
    op.create_index("ix_deliveries_ended_at", "deliveries", ["ended_at"])
    not_ended = sa.text("ended_at is null")
    op.create_index(
        "ix_deliveries_open",
        "deliveries",
        ["state", "channel", "urgency", "due_at"],
        sqlite_where=not_ended,
        postgresql_where=not_ended,
    )


def downgrade() -> None:
    for table in (
        "deliveries",
        "notification_settings",
        "notification_choices",
        "verified_emails",
    ):
        op.drop_table(table)


def _account(table: str) -> sa.Column[int]:
    """Return the column of whose row it is."""
    key = sa.ForeignKey("accounts.id", name=f"fk_{table}_account_id_accounts", ondelete="CASCADE")
    return sa.Column("account_id", sa.Integer(), key, nullable=False)
