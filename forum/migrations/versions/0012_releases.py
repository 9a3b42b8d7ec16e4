"""Releases: the ledger of what left the house

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

from forum.core.db import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# The ledger is only ever added to, whoever asks.
KEPT_SQLITE = """
CREATE TRIGGER releases_stay_{verb} BEFORE {verb} ON releases
BEGIN SELECT RAISE(ABORT, 'the ledger of releases is only added to'); END
"""
KEPT_POSTGRESQL = """
CREATE FUNCTION releases_stay() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger of releases is only added to'; END $$;
CREATE TRIGGER releases_stay BEFORE UPDATE OR DELETE ON releases
FOR EACH ROW EXECUTE FUNCTION releases_stay();
"""


def upgrade() -> None:

    op.create_table(
        "releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study", sa.String(length=64), nullable=False),
        sa.Column("tier", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("agreement_digest", sa.String(length=64), nullable=True),
        sa.Column("consent_versions", sa.JSON(), nullable=False),
        sa.Column("participants", sa.String(length=32), nullable=False),
        sa.Column("attacks", sa.JSON(), nullable=False),
        sa.Column("checksums", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
    )
    with op.batch_alter_table("releases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_releases_study"), ["study"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(KEPT_SQLITE.format(verb="UPDATE"))
        op.execute(KEPT_SQLITE.format(verb="DELETE"))
    else:
        op.execute(KEPT_POSTGRESQL)

    op.create_table(
        "released_rows",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("participant", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name=op.f("fk_released_rows_release_id_releases")
        ),
        sa.PrimaryKeyConstraint("release_id", "participant", name=op.f("pk_released_rows")),
    )
    with op.batch_alter_table("released_rows", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_released_rows_participant"), ["participant"], unique=False
        )


def downgrade() -> None:

    op.drop_table("released_rows")
    op.drop_table("releases")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION releases_stay()")
