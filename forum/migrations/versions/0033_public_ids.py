"""People have a random id for addresses and pages; their number stays inside

Revision: 0033, after 0032
"""

import sqlalchemy as sa
from alembic import op

from forum.core import ids

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BATCH = 1_000


def upgrade() -> None:
    column = sa.Column("public_id", sa.String(16), nullable=False, server_default="")
    op.add_column("accounts", column)
    _fill(op.get_bind())
    op.create_index(op.f("ix_accounts_public_id"), "accounts", ["public_id"], unique=True)


def _fill(connection: sa.Connection) -> None:
    accounts = sa.table("accounts", sa.column("id"), sa.column("public_id"))
    found = sa.select(accounts.c.id).order_by(accounts.c.id).limit(BATCH)
    fill = (
        sa.update(accounts)
        .where(accounts.c.id == sa.bindparam("account_id"))
        .values(public_id=sa.bindparam("given"))
    )
    last = 0
    while rows := connection.scalars(found.where(accounts.c.id > last)).all():
        connection.execute(fill, [{"account_id": each, "given": ids.public_id()} for each in rows])
        last = rows[-1]


def downgrade() -> None:
    op.drop_index(op.f("ix_accounts_public_id"), "accounts")
    op.drop_column("accounts", "public_id")
