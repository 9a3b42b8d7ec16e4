"""What releases said is digested with a key, which goes when somebody is erased

Revision: 0032, after 0031
"""

import hashlib
import hmac
import json
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

ROWS = sa.table(
    "released_rows",
    sa.column("release_id", sa.Integer),
    sa.column("participant", sa.BigInteger),
    sa.column("said", sa.JSON),
    sa.column("digest", sa.String),
    sa.column("digest_key", sa.String),
)


def upgrade() -> None:
    op.add_column(
        "released_rows",
        sa.Column("digest_key", sa.String(64), nullable=False, server_default=""),
    )
    connection = op.get_bind()
    erased = sa.text("SELECT 1 FROM participants WHERE key = :participant")
    for row in connection.execute(sa.select(ROWS)).all():
        # Bands have few values, so a digest without a key told what was said of the erased.
        is_there = connection.execute(erased, {"participant": row.participant}).first()
        key = secrets.token_hex(32)
        text = json.dumps([row.release_id, row.participant, row.said]).encode()
        change = sa.update(ROWS).where(
            ROWS.c.release_id == row.release_id, ROWS.c.participant == row.participant
        )
        connection.execute(
            change.values(
                digest=hmac.new(key.encode(), text, hashlib.sha256).hexdigest(),
                digest_key=key if is_there else "",
            )
        )


def downgrade() -> None:
    op.drop_column("released_rows", "digest_key")
