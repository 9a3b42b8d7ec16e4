"""Private words and proposals: SQLite gives no number again

Revision: 0018, after 0017
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = ("room_words", "moderation_proposals")


def upgrade() -> None:
    _make_anew(once=True)


def downgrade() -> None:
    _make_anew(once=False)


def _make_anew(*, once: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return  # PostgreSQL never gives a number again by itself
    for table in TABLES:
        with op.batch_alter_table(
            table, recreate="always", table_kwargs={"sqlite_autoincrement": once}
        ):
            pass
