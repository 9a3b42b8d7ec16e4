"""What happens to an account's protection is noted; codes are salted; operators' passwords end

Revision: 0034, after 0033
"""

import sqlalchemy as sa
from alembic import op

from forum.core.db import UtcDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_security_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_account_security_events_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_security_events")),
    )
    for column in ("account_id", "at"):
        name = op.f(f"ix_account_security_events_{column}")
        op.create_index(name, "account_security_events", [column])
    # What is kept of older codes has no salt; a job of the server hashes it little by little.
    op.add_column(
        "recovery_codes", sa.Column("salt", sa.String(32), nullable=False, server_default="")
    )
    op.add_column(
        "accounts",
        sa.Column("password_is_temporary", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    # Codes that were salted work no longer with what is older than this.
    op.drop_column("accounts", "password_is_temporary")
    op.drop_column("recovery_codes", "salt")
    op.drop_table("account_security_events")
