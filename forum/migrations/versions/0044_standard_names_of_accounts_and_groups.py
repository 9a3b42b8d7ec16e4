"""Accounts, groups and safety: tables and columns have the names that the field uses

Revision: 0044, after 0043
"""

from alembic import op

from forum.migrations.renames import rename_table

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

COLUMNS = (
    ("accounts", "suspended_because", "suspension_reason"),
    ("theme_choices", "theme", "topic"),
    ("theme_choices", "choice", "display"),
    ("groups", "hold_first_posts", "premoderate_first_posts"),
    ("memberships", "role_since", "role_given_at"),
    ("memberships", "role_hands", "role_granted_by"),
    ("memberships", "silenced_because", "silence_reason"),
    ("removals", "at", "removed_at"),
    ("join_requests", "words", "message"),
    ("risk_flags", "at", "raised_at"),
    ("risk_flags", "list_version", "detector_version"),
)
TABLES = (
    ("separations", "account_relationships"),
    ("theme_choices", "content_note_preferences"),
    ("suspension_marks", "suspended_identities"),
    ("removals", "group_removals"),
    ("risk_flags", "crisis_alerts"),
    ("care_notes", "care_messages"),
)


def upgrade() -> None:
    for table, old, new in COLUMNS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
    for old, new in TABLES:
        rename_table(old, new)


def downgrade() -> None:
    for old, new in TABLES:
        rename_table(new, old)
    for table, old, new in COLUMNS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}")
