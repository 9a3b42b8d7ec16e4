"""A post's state has a name, and only what was published has a number; threads' standard names

Revision: 0043, after 0042
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

STATES = "'published', 'pending', 'declined', 'hidden', 'deleted', 'deleted_hidden', 'withdrawn'"
NEVER_PUBLISHED = "'pending', 'declined', 'withdrawn'"
COLUMNS = (
    ("threads", "says_hello", "is_introductions"),
    ("threads", "held_count", "pending_count"),
    ("threads", "reviewed", "pre_moderated"),
    ("threads", "reshaped", "reload_version"),
    ("post_revisions", "act", "action"),
    ("post_reviews", "held_at", "pending_since"),
    ("post_reviews", "usual_minutes", "usual_wait_minutes"),
    ("read_marks", "watching", "following"),
    ("read_marks", "stopped", "unfollowed"),
)
_MOMENT = sa.DateTime(timezone=True)
_REVIEW = "FROM post_reviews WHERE post_reviews.post_id = posts.id"


def upgrade() -> None:
    _rename(COLUMNS)
    _rename_table("read_marks", "read_positions")
    _rename_index("ix_threads_says_hello", "ix_threads_is_introductions", "is_introductions")
    op.add_column("posts", sa.Column("state", sa.String(16)))
    op.add_column("posts", sa.Column("state_since", _MOMENT))
    op.execute("ALTER TABLE posts ALTER COLUMN number DROP NOT NULL")
    op.execute(
        "UPDATE posts SET state = CASE "  # noqa: S608 - made of constants
        "WHEN held_at IS NOT NULL AND deleted_at IS NOT NULL THEN 'withdrawn' "
        f"WHEN held_at IS NOT NULL AND EXISTS (SELECT 1 {_REVIEW} AND outcome = 'declined') "
        "THEN 'declined' "
        "WHEN held_at IS NOT NULL THEN 'pending' "
        "WHEN deleted_at IS NOT NULL AND hidden_at IS NOT NULL THEN 'deleted_hidden' "
        "WHEN deleted_at IS NOT NULL THEN 'deleted' "
        "WHEN hidden_at IS NOT NULL THEN 'hidden' "
        "ELSE 'published' END, "
        "number = CASE WHEN held_at IS NULL THEN number END"
    )
    op.execute(
        "UPDATE posts SET state_since = COALESCE(deleted_at, "  # noqa: S608 - made of constants
        f"CASE WHEN state = 'declined' THEN (SELECT decided_at {_REVIEW}) END, "
        "held_at, hidden_at, created_at)"
    )
    for column in ("state", "state_since"):
        op.execute(f"ALTER TABLE posts ALTER COLUMN {column} SET NOT NULL")
    for name, condition in (
        ("state", f"state IN ({STATES})"),
        ("number_state", f"(number IS NULL) = (state IN ({NEVER_PUBLISHED}))"),
        ("number", "number IS NULL OR number > 0"),
    ):
        op.execute(f"ALTER TABLE posts ADD CONSTRAINT ck_posts_{name} CHECK ({condition})")
    for column in ("hidden_at", "held_at", "deleted_at"):
        op.drop_column("posts", column)


def downgrade() -> None:
    for column in ("hidden_at", "held_at", "deleted_at"):
        op.add_column("posts", sa.Column(column, _MOMENT))
    for name in ("state", "number_state", "number"):
        op.execute(f"ALTER TABLE posts DROP CONSTRAINT ck_posts_{name}")
    op.execute(
        f"UPDATE posts SET held_at = (SELECT pending_since {_REVIEW}), number = -version "  # noqa: S608
        f"WHERE state IN ({NEVER_PUBLISHED})"
    )
    op.execute(
        "UPDATE posts SET hidden_at = state_since WHERE state IN ('hidden', 'deleted_hidden')"
    )
    op.execute(
        "UPDATE posts SET deleted_at = state_since "
        "WHERE state IN ('deleted', 'deleted_hidden', 'withdrawn')"
    )
    op.execute("ALTER TABLE posts ALTER COLUMN number SET NOT NULL")
    op.drop_column("posts", "state")
    op.drop_column("posts", "state_since")
    _rename_table("read_positions", "read_marks")
    _rename([(table, new, old) for table, old, new in COLUMNS])
    _rename_index("ix_threads_is_introductions", "ix_threads_says_hello", "says_hello")


def _rename(columns: Sequence[tuple[str, str, str]]) -> None:
    for table, old, new in columns:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")


def _rename_table(old: str, new: str) -> None:
    op.drop_index(f"ix_{old}_thread_id", old)
    op.rename_table(old, new)
    op.create_index(f"ix_{new}_thread_id", new, ["thread_id"])
    if op.get_bind().dialect.name == "postgresql":  # SQLite never asks for a constraint by name
        for before, after in (
            (f"pk_{old}", f"pk_{new}"),
            (f"fk_{old}_account_id_accounts", f"fk_{new}_account_id_accounts"),
            (f"fk_{old}_thread_id_threads", f"fk_{new}_thread_id_threads"),
        ):
            op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT {before} TO {after}")


def _rename_index(old: str, new: str, column: str) -> None:
    op.drop_index(old, "threads")
    op.create_index(
        new, "threads", ["group_id", "id"],
        sqlite_where=sa.text(f"{column} IS 1"), postgresql_where=sa.text(f"{column} IS true"),
    )  # fmt: skip
