"""Handles know what new ones may not look like, and their place in lists

Revision: 0023, after 0022
"""

import sqlalchemy as sa
from alembic import op

from forum.accounts.identity import handles

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SORTED = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
BATCH = 1_000


def upgrade() -> None:
    for column in (
        sa.Column("handle_skeleton", sa.String(200), nullable=False, server_default=""),
        sa.Column("handle_sort", SORTED, nullable=False, server_default=""),
    ):
        op.add_column("accounts", column)
    _fill(op.get_bind())
    op.create_index(op.f("ix_accounts_handle_skeleton"), "accounts", ["handle_skeleton"])


def _fill(connection: sa.Connection) -> None:
    accounts = sa.table(
        "accounts",
        *(sa.column(name) for name in ("id", "handle", "handle_skeleton", "handle_sort")),
    )
    last = 0
    found = sa.select(accounts.c.id, accounts.c.handle).order_by(accounts.c.id).limit(BATCH)
    fill = (
        sa.update(accounts)
        .where(accounts.c.id == sa.bindparam("account_id"))
        .values(handle_skeleton=sa.bindparam("skeleton"), handle_sort=sa.bindparam("sort"))
    )
    while rows := connection.execute(found.where(accounts.c.id > last)).all():
        filled = [(row.id, handles.columns(row.handle)) for row in rows]
        connection.execute(
            fill,
            [
                {"account_id": account_id, "skeleton": columns["handle_skeleton"],
                 "sort": columns["handle_sort"]}
                for account_id, columns in filled
            ],
        )  # fmt: skip
        last = rows[-1].id


def downgrade() -> None:
    op.drop_index(op.f("ix_accounts_handle_skeleton"), "accounts")
    op.drop_column("accounts", "handle_sort")
    op.drop_column("accounts", "handle_skeleton")
