"""Private messages of two people, and whether a group allows them

Nobody has agreed so far that a study counts those that they send.

Revision: 0064, after 0063
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "groups",
        sa.Column("private_messages", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.add_column(
        "groups",
        sa.Column(
            "messages_with_moderators", sa.Boolean(), server_default=sa.false(), nullable=False
        ),
    )
    op.add_column(
        "consents",
        sa.Column("private_messages", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    _create_conversations()
    _create_participants()
    _create_messages()
    for table, columns in (
        ("message_reactions", _reaction_columns()),
        ("message_removals", []),
    ):
        op.create_table(
            table,
            sa.Column("message_id", sa.Integer(), _key(table, "message_id"), nullable=False),
            sa.Column("account_id", sa.Integer(), _account(table, "account_id"), nullable=False),
            *columns,
            sa.PrimaryKeyConstraint(
                "message_id",
                "account_id",
                *(str(one.name) for one in columns[:1]),
                name=f"pk_{table}",
            ),
        )
        op.create_index(f"ix_{table}_account_id", table, ["account_id"])
    op.create_table(
        "message_opt_outs",
        sa.Column(
            "account_id",
            sa.Integer(),
            _account("message_opt_outs", "account_id"),
            nullable=False,
        ),
        sa.Column("since", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_message_opt_outs"),
    )


def _create_conversations() -> None:
    name = "conversations"
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        *(
            sa.Column(column, sa.Integer(), _account(name, column, "SET NULL"))
            for column in ("lower_id", "higher_id")
        ),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), _account(name, "asked_by_id", "SET NULL")),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("last_message_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        sa.UniqueConstraint("lower_id", "higher_id", name="uq_conversations_lower_id_higher_id"),
        sa.CheckConstraint(
            "state in ('requested', 'accepted', 'declined')", name="ck_conversations_state"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_conversations_higher_id", name, ["higher_id"])
    op.create_index("ix_conversations_asked_by_id_asked_at", name, ["asked_by_id", "asked_at"])


def _create_participants() -> None:
    name = "conversation_participants"
    conversation = sa.ForeignKey(
        "conversations.id",
        name="fk_conversation_participants_conversation_id_conversations",
        ondelete="CASCADE",
    )
    op.create_table(
        name,
        sa.Column("conversation_id", sa.Integer(), conversation, nullable=False),
        sa.Column("account_id", sa.Integer(), _account(name, "account_id"), nullable=False),
        sa.Column("read_number", sa.Integer(), nullable=False),
        sa.Column("cleared_number", sa.Integer(), nullable=False),
        sa.Column("muted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("left_at", _MOMENT),
        sa.Column("vanish_after_hours", sa.Integer(), nullable=False),
        sa.Column("draft_body", sa.String(), nullable=False),
        sa.Column("draft_content_note", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint(
            "conversation_id", "account_id", name="pk_conversation_participants"
        ),
    )
    op.create_index("ix_conversation_participants_account_id", name, ["account_id"])


def _create_messages() -> None:
    name = "private_messages"
    conversation = sa.ForeignKey(
        "conversations.id",
        name="fk_private_messages_conversation_id_conversations",
        ondelete="CASCADE",
    )
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), conversation, nullable=False),
        sa.Column("author_id", sa.Integer(), _account(name, "author_id", "SET NULL")),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("content_note", sa.String(80), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("edited_at", _MOMENT),
        sa.Column("deleted_at", _MOMENT),
        sa.Column("vanishes_at", _MOMENT),
        sa.Column("idempotency_key", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_private_messages"),
        sa.UniqueConstraint(
            "conversation_id", "number", name="uq_private_messages_conversation_id_number"
        ),
        sa.UniqueConstraint(
            "conversation_id", "version", name="uq_private_messages_conversation_id_version"
        ),
        sqlite_autoincrement=True,
    )
    has_key = sa.text("idempotency_key is not null")
    op.create_index(
        "ix_private_messages_author_id_idempotency_key",
        name,
        ["author_id", "idempotency_key"],
        unique=True,
        sqlite_where=has_key,
        postgresql_where=has_key,
    )
    vanishes = sa.text("vanishes_at is not null")
    op.create_index(
        "ix_private_messages_vanishes_at",
        name,
        ["vanishes_at"],
        sqlite_where=vanishes,
        postgresql_where=vanishes,
    )
    op.create_index("ix_private_messages_author_id", name, ["author_id"])


def downgrade() -> None:
    for table in (
        "message_opt_outs",
        "message_removals",
        "message_reactions",
        "private_messages",
        "conversation_participants",
        "conversations",
    ):
        op.drop_table(table)
    op.drop_column("consents", "private_messages")
    for column in ("private_messages", "messages_with_moderators"):
        op.drop_column("groups", column)


def _reaction_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
    ]


def _account(table: str, column: str, ondelete: str = "CASCADE") -> sa.ForeignKey:
    return sa.ForeignKey("accounts.id", name=f"fk_{table}_{column}_accounts", ondelete=ondelete)


def _key(table: str, column: str) -> sa.ForeignKey:
    return sa.ForeignKey(
        "private_messages.id", name=f"fk_{table}_{column}_private_messages", ondelete="CASCADE"
    )
