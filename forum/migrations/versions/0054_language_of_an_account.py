"""An account has a language, which its pages and mails are in

Nobody has chosen one yet: pages follow the browser, and mails are in the forum's own language.

Revision: 0054, after 0053
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "accounts", sa.Column("language", sa.String(16), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("accounts", "language")
