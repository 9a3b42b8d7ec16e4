"""What is found by a search, and an index of it; everything so far is indexed step by step

Revision: 0063, after 0062
"""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

_INDEX = {
    "sqlite": (
        """CREATE VIRTUAL TABLE search_index USING fts5(
            keys, content='', detail='column', columnsize=0, tokenize='ascii')""",
        "INSERT INTO search_index(search_index, rank) VALUES ('secure-delete', 1)",
    ),
    "postgresql": (
        """CREATE TABLE search_index (
            place BIGINT PRIMARY KEY REFERENCES search_entries ON DELETE CASCADE,
            keys TSVECTOR NOT NULL)""",
        # Without a list of what is new, which each look-up would have to go through.
        """CREATE INDEX ix_search_index_keys ON search_index
            USING gin (keys) WITH (fastupdate = off)""",
    ),
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.create_table(
        "search_entries",
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("ref_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer()),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("analysis", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_search_entries"),
        sa.UniqueConstraint("kind", "ref_id", name="uq_search_entries_kind_ref_id"),
    )
    op.create_table(
        "search_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("ref_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_changes"),
    )
    # In the order of letters' numbers, so an index finds words by their first letter.
    op.create_table(
        "search_words",
        sa.Column("group_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "word",
            sa.String(32, collation="C" if dialect == "postgresql" else None),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("group_id", "word", name="pk_search_words"),
    )
    for statement in _INDEX[dialect]:
        op.execute(statement)
    # The latest come last, and are indexed first.
    op.execute(
        "INSERT INTO search_changes (kind, ref_id) "
        "SELECT 'thread', id FROM threads WHERE last_number > 0 ORDER BY created_at, id"
    )
    op.execute(
        "INSERT INTO search_changes (kind, ref_id) "
        "SELECT 'post', id FROM posts WHERE state = 'published' ORDER BY created_at, id"
    )


def downgrade() -> None:
    for table in ("search_index", "search_words", "search_changes", "search_entries"):
        op.drop_table(table)
