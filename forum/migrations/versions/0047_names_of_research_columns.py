"""Columns about research are named as statisticians and moderators name things

Revision: 0047, after 0046
"""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

COLUMNS = (
    ("release_jobs", "asked_by_id", "requested_by_id"),
    ("release_jobs", "asked_at", "requested_at"),
    ("release_jobs", "beat_at", "heartbeat_at"),
    ("release_jobs", "alike", "class_size"),
    ("released_rows", "said", "intervals"),
    ("research_log", "act", "action"),
    ("research_log", "why", "reason"),
    ("visits", "began_at", "started_at"),
    ("visits", "alive_at", "certain_until"),
    ("visits", "seen_at", "possible_until"),
)
INDEX = "ix_release_jobs_asked_by_id", "ix_release_jobs_requested_by_id"
FOREIGN_KEY = "fk_release_jobs_asked_by_id_accounts", "fk_release_jobs_requested_by_id_accounts"


def upgrade() -> None:
    for table, old, new in COLUMNS:
        op.alter_column(table, old, new_column_name=new)
    _rename_index(*INDEX, "requested_by_id")
    _rename_key(*FOREIGN_KEY)
    _keep_log("action", "reason")


def downgrade() -> None:
    for table, old, new in COLUMNS:
        op.alter_column(table, new, new_column_name=old)
    _rename_index(INDEX[1], INDEX[0], "asked_by_id")
    _rename_key(FOREIGN_KEY[1], FOREIGN_KEY[0])
    _keep_log("act", "why")


def _rename_index(old: str, new: str, column: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER INDEX {old} RENAME TO {new}")
    else:
        op.drop_index(old, "release_jobs")
        op.create_index(new, "release_jobs", [column])


def _rename_key(old: str, new: str) -> None:
    if op.get_bind().dialect.name == "postgresql":  # SQLite cannot, and nobody asks for it there
        op.execute(f"ALTER TABLE release_jobs RENAME CONSTRAINT {old} TO {new}")


def _keep_log(action: str, reason: str) -> None:
    """Let the trigger that keeps the log as it is know the columns; SQLite renames them in it."""
    if op.get_bind().dialect.name != "postgresql":
        return
    rules = [
        f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in ("id", "study", action, "at")
    ]
    rules += [
        f"(NEW.{name} IS NOT DISTINCT FROM OLD.{name} OR NEW.{name} IS NULL)"
        for name in ("by_id", "about_id")
    ]
    rules += [
        "NEW.details::text = OLD.details::text",
        f"(NEW.{reason} = OLD.{reason} OR NEW.{reason} = '')",
    ]
    op.execute(
        "CREATE OR REPLACE FUNCTION research_log_unchanged() RETURNS trigger LANGUAGE plpgsql "
        f"AS $$ BEGIN IF TG_OP = 'UPDATE' AND ({' AND '.join(rules)}) "
        "THEN RETURN NEW; END IF; "
        "RAISE EXCEPTION 'the research log is append-only' USING ERRCODE = '23514'; END $$"
    )
