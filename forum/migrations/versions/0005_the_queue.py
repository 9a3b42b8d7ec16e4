"""Reports, the queue, and what moderators carry

Revision: 0005, after 0003
"""

import sqlalchemy as sa
from alembic import op

from forum.core.db import UtcDateTime

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "queue_counter",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_counter")),
    )
    op.create_table(
        "queue_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("subject_kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("distressing", sa.Boolean(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("claimed_by_id", sa.Integer(), nullable=True),
        sa.Column("claimed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("first_claimed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.Column("resolved_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["about_id"],
            ["accounts.id"],
            name=op.f("fk_queue_entries_about_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by_id"],
            ["accounts.id"],
            name=op.f("fk_queue_entries_claimed_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name=op.f("fk_queue_entries_group_id_groups"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"],
            ["accounts.id"],
            name=op.f("fk_queue_entries_resolved_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_entries")),
    )
    with op.batch_alter_table("queue_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_queue_entries_about_id"), ["about_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_queue_entries_claimed_by_id"), ["claimed_by_id"], unique=False
        )
        batch_op.create_index("ix_queue_entries_group_id", ["group_id"], unique=False)
        batch_op.create_index(
            "ix_queue_entries_open_in_group",
            ["kind", "subject_kind", "subject_id", "group_id"],
            unique=True,
            sqlite_where=sa.text("resolved_at is null and group_id is not null"),
            postgresql_where=sa.text("resolved_at is null and group_id is not null"),
        )
        batch_op.create_index(
            "ix_queue_entries_open_on_site",
            ["kind", "subject_kind", "subject_id"],
            unique=True,
            sqlite_where=sa.text("resolved_at is null and group_id is null"),
            postgresql_where=sa.text("resolved_at is null and group_id is null"),
        )
        batch_op.create_index(batch_op.f("ix_queue_entries_opened_at"), ["opened_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_queue_entries_resolved_at"), ["resolved_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_queue_entries_resolved_by_id"), ["resolved_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_queue_entries_version"), ["version"], unique=False)

    op.create_table(
        "shifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_shifts_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_shifts_group_id_groups"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
    )
    with op.batch_alter_table("shifts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shifts_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shifts_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_shifts_group_id"), ["group_id"], unique=False)

    op.create_table(
        "watch_words",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name=op.f("fk_watch_words_group_id_groups"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("group_id", "word", name=op.f("pk_watch_words")),
    )
    op.create_table(
        "exposures",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_exposures_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["queue_entries.id"],
            name=op.f("fk_exposures_entry_id_queue_entries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "entry_id", name=op.f("pk_exposures")),
    )
    with op.batch_alter_table("exposures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exposures_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "queue_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["accounts.id"],
            name=op.f("fk_queue_steps_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["queue_entries.id"],
            name=op.f("fk_queue_steps_entry_id_queue_entries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_steps")),
    )
    with op.batch_alter_table("queue_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_queue_steps_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_queue_steps_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["queue_entries.id"],
            name=op.f("fk_reports_entry_id_queue_entries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"],
            ["accounts.id"],
            name=op.f("fk_reports_reporter_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint(
            "entry_id", "reporter_id", name=op.f("uq_reports_entry_id_reporter_id")
        ),
    )
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reports_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_reports_reporter_id"), ["reporter_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reports_reporter_id"))
        batch_op.drop_index(batch_op.f("ix_reports_created_at"))

    op.drop_table("reports")
    with op.batch_alter_table("queue_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_queue_steps_entry_id"))
        batch_op.drop_index(batch_op.f("ix_queue_steps_by_id"))

    op.drop_table("queue_steps")
    with op.batch_alter_table("exposures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exposures_entry_id"))

    op.drop_table("exposures")
    op.drop_table("watch_words")
    with op.batch_alter_table("shifts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shifts_group_id"))
        batch_op.drop_index(batch_op.f("ix_shifts_ends_at"))
        batch_op.drop_index(batch_op.f("ix_shifts_account_id"))

    op.drop_table("shifts")
    with op.batch_alter_table("queue_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_queue_entries_version"))
        batch_op.drop_index(batch_op.f("ix_queue_entries_resolved_by_id"))
        batch_op.drop_index(batch_op.f("ix_queue_entries_resolved_at"))
        batch_op.drop_index(batch_op.f("ix_queue_entries_opened_at"))
        batch_op.drop_index(
            "ix_queue_entries_open_on_site",
            sqlite_where=sa.text("resolved_at is null and group_id is null"),
            postgresql_where=sa.text("resolved_at is null and group_id is null"),
        )
        batch_op.drop_index(
            "ix_queue_entries_open_in_group",
            sqlite_where=sa.text("resolved_at is null and group_id is not null"),
            postgresql_where=sa.text("resolved_at is null and group_id is not null"),
        )
        batch_op.drop_index("ix_queue_entries_group_id")
        batch_op.drop_index(batch_op.f("ix_queue_entries_claimed_by_id"))
        batch_op.drop_index(batch_op.f("ix_queue_entries_about_id"))

    op.drop_table("queue_entries")
    op.drop_table("queue_counter")
