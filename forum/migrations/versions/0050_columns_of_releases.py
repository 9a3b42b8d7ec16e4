"""A release that is asked for says which columns it is to have, and how many guesses may be right

What was asked for before has all of them, as it would have had.

Revision: 0050, after 0049
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns: sa.Column[str] = sa.Column("columns", sa.Text(), nullable=False, server_default="")
    guesses: sa.Column[int] = sa.Column("guesses", sa.Integer(), nullable=True)
    op.add_column("release_jobs", columns)
    op.add_column("release_jobs", guesses)
    op.execute("UPDATE release_jobs SET columns = 'all' WHERE tier = 'microdata'")


def downgrade() -> None:
    op.drop_column("release_jobs", "guesses")
    op.drop_column("release_jobs", "columns")
