"""Studies, consents, and the record of activity

Revision: 0011, after 0007
"""

import sqlalchemy as sa
from alembic import op

from forum.core.db import UtcDateTime

revision = "0011"
down_revision = "0007"
branch_labels = None
depends_on = None

FIRST_YEAR, LAST_YEAR = 2024, 2039


def upgrade() -> None:
    op.create_table(
        "studies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("run_by", sa.String(length=200), nullable=False),
        sa.Column("ethics", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('planned', 'open', 'closed')", name=op.f("ck_studies_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studies")),
        sa.UniqueConstraint("slug", name=op.f("uq_studies_slug")),
    )
    op.create_table(
        "consent_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["studies.id"],
            name=op.f("fk_consent_documents_study_id_studies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_documents")),
        sa.UniqueConstraint(
            "study_id", "version", name=op.f("uq_consent_documents_study_id_version")
        ),
    )
    op.create_table(
        "participants",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_participants_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["studies.id"],
            name=op.f("fk_participants_study_id_studies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_participants")),
        sa.UniqueConstraint(
            "account_id", "study_id", name=op.f("uq_participants_account_id_study_id")
        ),
    )
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participants_study_id"), ["study_id"], unique=False)

    op.create_table(
        "study_groups",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name=op.f("fk_study_groups_group_id_groups"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["studies.id"],
            name=op.f("fk_study_groups_study_id_studies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("study_id", "group_id", name=op.f("pk_study_groups")),
    )
    with op.batch_alter_table("study_groups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_study_groups_group_id"), ["group_id"], unique=False)

    op.create_table(
        "activity_events",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("participant", sa.BigInteger(), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("replied_to", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Integer(), nullable=True),
        sa.Column("minutes_since", sa.Double(), nullable=True),
        sa.Column("to_newcomer", sa.Boolean(), nullable=True),
        sa.Column("reaction", sa.String(length=12), nullable=True),
        sa.Column("seconds_low", sa.Double(), nullable=True),
        sa.Column("seconds_high", sa.Double(), nullable=True),
        sa.Column("minutes_present", sa.Double(), nullable=True),
        sa.Column("turns", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant"],
            ["participants.key"],
            name=op.f("fk_activity_events_participant_participants"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["replied_to"],
            ["participants.key"],
            name=op.f("fk_activity_events_replied_to_participants"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", "at", name=op.f("pk_activity_events")),
        postgresql_partition_by="RANGE (at)",
    )
    with op.batch_alter_table("activity_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_activity_events_replied_to"), ["replied_to"], unique=False
        )
        batch_op.create_index(
            "ix_activity_events_participant_at", ["participant", "at"], unique=False
        )
    if op.get_bind().dialect.name == "postgresql":
        _partition()

    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("record", sa.Boolean(), nullable=False),
        sa.Column("past", sa.Boolean(), nullable=False),
        sa.Column("share", sa.Boolean(), nullable=False),
        sa.Column("contact", sa.Boolean(), nullable=False),
        sa.Column("given_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["consent_documents.id"],
            name=op.f("fk_consents_document_id_consent_documents"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant"],
            ["participants.key"],
            name=op.f("fk_consents_participant_participants"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_document_id"), ["document_id"], unique=False)
        batch_op.create_index(
            "ix_consents_in_force",
            ["participant"],
            unique=True,
            sqlite_where=sa.text("ended_at is null"),
            postgresql_where=sa.text("ended_at is null"),
        )
        batch_op.create_index("ix_consents_participant", ["participant"], unique=False)


def downgrade() -> None:
    for table in (
        "consents", "activity_events", "study_groups", "participants", "consent_documents",
        "studies",
    ):  # fmt: skip
        op.drop_table(table)


def _partition() -> None:
    """Give each month its own table; what is older or later goes into one more."""
    months = [(year, month) for year in range(FIRST_YEAR, LAST_YEAR + 1) for month in range(1, 13)]
    for year, month in months:
        after = f"{year + month // 12}-{month % 12 + 1:02}-01 00:00+00"
        op.execute(
            f"CREATE TABLE activity_events_{year}_{month:02} PARTITION OF activity_events "
            f"FOR VALUES FROM ('{year}-{month:02}-01 00:00+00') TO ('{after}')"
        )
    op.execute("CREATE TABLE activity_events_other PARTITION OF activity_events DEFAULT")
