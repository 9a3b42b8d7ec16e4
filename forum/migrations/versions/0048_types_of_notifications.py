"""A notification has a type, as everywhere else

Revision: 0048, after 0047
"""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

UNIQUE = "uq_notifications_account_id_{}_post_id_actor_id"


def upgrade() -> None:
    _rename("kind", "type")


def downgrade() -> None:
    _rename("type", "kind")


def _rename(old: str, new: str) -> None:
    with op.batch_alter_table("notifications") as batch_op:
        batch_op.alter_column(old, new_column_name=new)
    # In the table's own words, since SQLite cannot rename a constraint; its index goes along.
    with op.batch_alter_table("notifications") as batch_op:
        batch_op.drop_constraint(UNIQUE.format(old), type_="unique")
        batch_op.create_unique_constraint(
            UNIQUE.format(new), ["account_id", new, "post_id", "actor_id"]
        )
