"""Researchers of studies, what they do, and releases from the page

Revision: 0016, after 0015
"""

import sqlalchemy as sa
from alembic import op

from forum.core.db import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposed_documents",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["accounts.id"],
            name=op.f("fk_proposed_documents_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["studies.id"],
            name=op.f("fk_proposed_documents_study_id_studies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_proposed_documents")),
    )
    with op.batch_alter_table("proposed_documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposed_documents_by_id"), ["by_id"], unique=False)

    op.create_table(
        "release_jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("tier", sa.String(length=16), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("agreement", sa.LargeBinary(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("spss", sa.Boolean(), nullable=False),
        sa.Column("epsilon", sa.Double(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("beat_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'running', 'ready', 'refused', 'failed')",
            name=op.f("ck_release_jobs_state"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["accounts.id"],
            name=op.f("fk_release_jobs_asked_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name=op.f("fk_release_jobs_release_id_releases")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["studies.id"],
            name=op.f("fk_release_jobs_study_id_studies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_jobs")),
    )
    with op.batch_alter_table("release_jobs", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_release_jobs_asked_by_id"), ["asked_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_release_jobs_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_release_jobs_study_id"), ["study_id"], unique=False)

    op.create_table(
        "research_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["about_id"],
            ["accounts.id"],
            name=op.f("fk_research_log_about_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["accounts.id"],
            name=op.f("fk_research_log_by_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_research_log")),
    )
    with op.batch_alter_table("research_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_research_log_about_id"), ["about_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_research_log_by_id"), ["by_id"], unique=False)
        batch_op.create_index("ix_research_log_study_at", ["study", "at"], unique=False)

    op.create_table(
        "study_researchers",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("named_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_study_researchers_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["studies.id"],
            name=op.f("fk_study_researchers_study_id_studies"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("study_id", "account_id", name=op.f("pk_study_researchers")),
    )
    with op.batch_alter_table("study_researchers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_study_researchers_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "researcher_exceptions",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name=op.f("fk_researcher_exceptions_group_id_groups"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "account_id"],
            ["study_researchers.study_id", "study_researchers.account_id"],
            name=op.f("fk_researcher_exceptions_study_id_account_id_study_researchers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "study_id", "account_id", "group_id", name=op.f("pk_researcher_exceptions")
        ),
    )
    with op.batch_alter_table("studies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("starts_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))

    _make_append_only()


def _make_append_only() -> None:
    """Refuse to change or delete a row of the log, except to take names and words out of it."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER research_log_kept BEFORE DELETE ON research_log "
            "BEGIN SELECT RAISE(ABORT, 'the research log is append-only'); END"
        )
        op.execute(
            f"CREATE TRIGGER research_log_unchanged BEFORE UPDATE ON research_log "
            f"WHEN NOT ({_only_less('IS', 'CAST({} AS TEXT)')}) "
            "BEGIN SELECT RAISE(ABORT, 'the research log is append-only'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION research_log_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' AND ({_only_less('IS NOT DISTINCT FROM', '{}::text')}) "
        "THEN RETURN NEW; END IF; "
        "RAISE EXCEPTION 'the research log is append-only' USING ERRCODE = '23514'; END $$"
    )
    op.execute(
        "CREATE TRIGGER research_log_unchanged BEFORE UPDATE OR DELETE ON research_log "
        "FOR EACH ROW EXECUTE FUNCTION research_log_unchanged()"
    )


def _only_less(same: str, as_text: str) -> str:
    new, old = as_text.format("NEW.details"), as_text.format("OLD.details")
    rules = [f"NEW.{column} {same} OLD.{column}" for column in ("id", "study", "act", "at")]
    rules += [
        f"(NEW.{column} {same} OLD.{column} OR NEW.{column} IS NULL)"
        for column in ("by_id", "about_id")
    ]
    return " AND ".join([*rules, f"{new} = {old}", "(NEW.why = OLD.why OR NEW.why = '')"])


def downgrade() -> None:
    with op.batch_alter_table("studies", schema=None) as batch_op:
        batch_op.drop_column("ends_on")
        batch_op.drop_column("starts_on")

    op.drop_table("researcher_exceptions")
    with op.batch_alter_table("study_researchers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_study_researchers_account_id"))

    op.drop_table("study_researchers")
    with op.batch_alter_table("research_log", schema=None) as batch_op:
        batch_op.drop_index("ix_research_log_study_at")
        batch_op.drop_index(batch_op.f("ix_research_log_by_id"))
        batch_op.drop_index(batch_op.f("ix_research_log_about_id"))

    op.drop_table("research_log")
    with op.batch_alter_table("release_jobs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_release_jobs_study_id"))
        batch_op.drop_index(batch_op.f("ix_release_jobs_state"))
        batch_op.drop_index(batch_op.f("ix_release_jobs_asked_by_id"))

    op.drop_table("release_jobs")
    with op.batch_alter_table("proposed_documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposed_documents_by_id"))

    op.drop_table("proposed_documents")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION research_log_unchanged()")
