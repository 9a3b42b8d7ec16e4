"""The room of a meeting: messages, hands, the private line, attendance

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

from forum.core.db import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "attendance",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("facilitated", sa.Boolean(), nullable=False),
        sa.Column("joined_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("left_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("present_ms", sa.Integer(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("said_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("muted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("removed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("draft_body", sa.String(), nullable=False),
        sa.Column("draft_note", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_attendance_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meetings.id"],
            name=op.f("fk_attendance_meeting_id_meetings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("meeting_id", "account_id", name=op.f("pk_attendance")),
    )
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendance_account_id"), ["account_id"], unique=False)

    op.create_table(
        "room_hands",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("turn_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_room_hands_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meetings.id"],
            name=op.f("fk_room_hands_meeting_id_meetings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("meeting_id", "account_id", name=op.f("pk_room_hands")),
    )
    with op.batch_alter_table("room_hands", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_hands_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            "ix_room_hands_one_speaker",
            ["meeting_id"],
            unique=True,
            sqlite_where=sa.text("turn_at is not null"),
            postgresql_where=sa.text("turn_at is not null"),
        )

    op.create_table(
        "room_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("content_note", sa.String(length=80), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["accounts.id"],
            name=op.f("fk_room_messages_author_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meetings.id"],
            name=op.f("fk_room_messages_meeting_id_meetings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_messages")),
        sa.UniqueConstraint(
            "meeting_id", "number", name=op.f("uq_room_messages_meeting_id_number")
        ),
        sa.UniqueConstraint(
            "meeting_id", "version", name=op.f("uq_room_messages_meeting_id_version")
        ),
    )
    with op.batch_alter_table("room_messages", schema=None) as batch_op:
        batch_op.create_index("ix_room_messages_author_id", ["author_id"], unique=False)
        batch_op.create_index(
            "ix_room_messages_author_id_idempotency_key",
            ["author_id", "idempotency_key"],
            unique=True,
            sqlite_where=sa.text("idempotency_key is not null"),
            postgresql_where=sa.text("idempotency_key is not null"),
        )

    op.create_table(
        "room_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["about_id"],
            ["accounts.id"],
            name=op.f("fk_room_words_about_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["accounts.id"],
            name=op.f("fk_room_words_author_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meetings.id"],
            name=op.f("fk_room_words_meeting_id_meetings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_words")),
    )
    with op.batch_alter_table("room_words", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_words_about_id"), ["about_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_room_words_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_room_words_meeting_id"), ["meeting_id"], unique=False)

    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closing_at", UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("ended_because", sa.String(length=20), server_default="", nullable=False)
        )


def downgrade() -> None:

    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.drop_column("ended_because")
        batch_op.drop_column("closing_at")

    with op.batch_alter_table("room_words", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_room_words_meeting_id"))
        batch_op.drop_index(batch_op.f("ix_room_words_author_id"))
        batch_op.drop_index(batch_op.f("ix_room_words_about_id"))

    op.drop_table("room_words")
    with op.batch_alter_table("room_messages", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_room_messages_author_id_idempotency_key",
            sqlite_where=sa.text("idempotency_key is not null"),
            postgresql_where=sa.text("idempotency_key is not null"),
        )
        batch_op.drop_index("ix_room_messages_author_id")

    op.drop_table("room_messages")
    with op.batch_alter_table("room_hands", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_room_hands_one_speaker",
            sqlite_where=sa.text("turn_at is not null"),
            postgresql_where=sa.text("turn_at is not null"),
        )
        batch_op.drop_index(batch_op.f("ix_room_hands_account_id"))

    op.drop_table("room_hands")
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendance_account_id"))

    op.drop_table("attendance")
