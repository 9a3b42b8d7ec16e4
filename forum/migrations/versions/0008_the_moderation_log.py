"""The moderation log, locks, slow mode and silences

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op

from forum.core.db import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "moderation_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("second_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("subject_kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "subject_kind in ('post', 'thread', 'person')",
            name=op.f("ck_moderation_log_subject_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["accounts.id"],
            name=op.f("fk_moderation_log_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name=op.f("fk_moderation_log_group_id_groups"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["accounts.id"],
            name=op.f("fk_moderation_log_person_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["accounts.id"],
            name=op.f("fk_moderation_log_second_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"],
            ["moderation_log.id"],
            name=op.f("fk_moderation_log_undoes_id_moderation_log"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_log")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_moderation_log_undoes_id")),
    )
    with op.batch_alter_table("moderation_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moderation_log_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_moderation_log_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_moderation_log_group_id"), ["group_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_moderation_log_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_moderation_log_second_id"), ["second_id"], unique=False
        )
        batch_op.create_index(
            "ix_moderation_log_subject_kind_subject_id",
            ["subject_kind", "subject_id"],
            unique=False,
        )

    op.create_table(
        "moderation_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("subject_kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["accounts.id"],
            name=op.f("fk_moderation_proposals_answered_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["accounts.id"],
            name=op.f("fk_moderation_proposals_by_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name=op.f("fk_moderation_proposals_group_id_groups"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["accounts.id"],
            name=op.f("fk_moderation_proposals_person_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_proposals")),
    )
    with op.batch_alter_table("moderation_proposals", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_moderation_proposals_answered_by_id"), ["answered_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_moderation_proposals_by_id"), ["by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_moderation_proposals_group_id"), ["group_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_moderation_proposals_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "moderation_objections",
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("overturned", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["accounts.id"],
            name=op.f("fk_moderation_objections_answered_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["log_id"],
            ["moderation_log.id"],
            name=op.f("fk_moderation_objections_log_id_moderation_log"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["accounts.id"],
            name=op.f("fk_moderation_objections_person_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("log_id", name=op.f("pk_moderation_objections")),
    )
    with op.batch_alter_table("moderation_objections", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_moderation_objections_answered_by_id"), ["answered_by_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_moderation_objections_person_id"), ["person_id"], unique=False
        )

    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.add_column(sa.Column("silenced_until", UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("silenced_because", sa.String(), nullable=False, server_default="")
        )

    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("locked", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("slow_seconds", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("pinned", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.drop_index("ix_threads_group_id_last_post_at")
        batch_op.create_index(
            "ix_threads_group_id_pinned_last_post_at", ["group_id", "pinned", "last_post_at"]
        )

    _make_append_only()


def _make_append_only() -> None:
    """Refuse to change or delete a row of the log, except to take names and words out of it."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER moderation_log_kept BEFORE DELETE ON moderation_log "
            "BEGIN SELECT RAISE(ABORT, 'the moderation log is append-only'); END"
        )
        op.execute(
            f"CREATE TRIGGER moderation_log_unchanged BEFORE UPDATE ON moderation_log "
            f"WHEN NOT ({_only_less('IS', 'CAST({} AS TEXT)')}) "
            "BEGIN SELECT RAISE(ABORT, 'the moderation log is append-only'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION moderation_log_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' AND ({_only_less('IS NOT DISTINCT FROM', '{}::text')}) "
        "THEN RETURN NEW; END IF; "
        "RAISE EXCEPTION 'the moderation log is append-only' USING ERRCODE = '23514'; END $$"
    )
    op.execute(
        "CREATE TRIGGER moderation_log_unchanged BEFORE UPDATE OR DELETE ON moderation_log "
        "FOR EACH ROW EXECUTE FUNCTION moderation_log_unchanged()"
    )


def _only_less(same: str, as_text: str) -> str:
    fixed = ["id", "act", "subject_kind", "subject_id", "undoes_id", "at"]
    rules = [f"NEW.{column} {same} OLD.{column}" for column in fixed]
    rules += [
        f"(NEW.{column} {same} OLD.{column} OR NEW.{column} IS NULL)"
        for column in ("by_id", "second_id", "group_id", "person_id")
    ]
    rules += [
        f"(NEW.{column} = OLD.{column} OR NEW.{column} = '')" for column in ("reason", "message")
    ]
    rules += [
        f"({as_text.format('NEW.' + column)} = {as_text.format('OLD.' + column)} "
        f"OR {as_text.format('NEW.' + column)} = '{{}}')"
        for column in ("before", "after")
    ]
    return " AND ".join(rules)


def downgrade() -> None:
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.drop_index("ix_threads_group_id_pinned_last_post_at")
        batch_op.create_index("ix_threads_group_id_last_post_at", ["group_id", "last_post_at"])
        batch_op.drop_column("pinned")
        batch_op.drop_column("slow_seconds")
        batch_op.drop_column("locked")

    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_column("silenced_because")
        batch_op.drop_column("silenced_until")

    with op.batch_alter_table("moderation_objections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moderation_objections_person_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_objections_answered_by_id"))

    op.drop_table("moderation_objections")
    with op.batch_alter_table("moderation_proposals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moderation_proposals_person_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_proposals_group_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_proposals_by_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_proposals_answered_by_id"))

    op.drop_table("moderation_proposals")
    with op.batch_alter_table("moderation_log", schema=None) as batch_op:
        batch_op.drop_index("ix_moderation_log_subject_kind_subject_id")
        batch_op.drop_index(batch_op.f("ix_moderation_log_second_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_log_person_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_log_group_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_log_by_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_log_at"))

    op.drop_table("moderation_log")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION moderation_log_unchanged()")
