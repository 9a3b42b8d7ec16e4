"""A study may ask whether people may be followed over releases, by a number for one purpose

Nobody has agreed to that so far, and no study asks for it.

Revision: 0040, after 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("studies", "consents"):
        asked: sa.Column[bool] = sa.Column(
            "linkage", sa.Boolean(), nullable=False, server_default=sa.false()
        )
        op.add_column(table, asked)
    for table in ("releases", "release_jobs"):
        purpose: sa.Column[str] = sa.Column(
            "linkage", sa.String(200), nullable=False, server_default=""
        )
        op.add_column(table, purpose)
    op.create_table(
        "linkage_classes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(200), nullable=False),
        sa.Column("purpose", sa.String(200), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_linkage_classes_study_id_studies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linkage_classes")),
    )  # fmt: skip
    op.create_index(
        "ix_linkage_classes_of", "linkage_classes", ["study_id", "recipient", "purpose"]
    )
    op.create_table(
        "linkage_keys",
        sa.Column("class_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("participant", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"], ["linkage_classes.id"],
            name=op.f("fk_linkage_keys_class_id_linkage_classes"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant"], ["participants.key"],
            name=op.f("fk_linkage_keys_participant_participants"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("class_id", "participant", name=op.f("pk_linkage_keys")),
    )  # fmt: skip
    op.create_index(op.f("ix_linkage_keys_participant"), "linkage_keys", ["participant"])


def downgrade() -> None:
    op.drop_table("linkage_keys")
    op.drop_table("linkage_classes")
    for table in ("release_jobs", "releases", "consents", "studies"):
        op.drop_column(table, "linkage")
