"""Renaming a table with the names of its constraints, indexes and sequence, on both databases.

A table keeps its old constraint names when it is renamed, and later migrations would look for them
under the new ones.
"""

import re

from alembic import op
from sqlalchemy import text

_OF_POSTGRES = text(
    "SELECT 'ALTER TABLE ' || conrelid::regclass || ' RENAME CONSTRAINT ' || conname || ' TO ', "
    "conname FROM pg_constraint WHERE conrelid = to_regclass(:table) "
    "UNION ALL SELECT 'ALTER ' || CASE relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'INDEX ' END || "
    "relname || ' RENAME TO ', relname FROM pg_class WHERE oid IN ("
    "SELECT indexrelid FROM pg_index WHERE indrelid = to_regclass(:table) AND indexrelid NOT IN "
    "(SELECT conindid FROM pg_constraint WHERE conrelid = to_regclass(:table)) UNION ALL "
    "SELECT objid FROM pg_depend WHERE refobjid = to_regclass(:table) AND deptype IN ('a', 'i'))"
    " AND relkind IN ('i', 'S')"
)
_OF_SQLITE = text(
    "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL "
    "ORDER BY type DESC"
)


def rename_table(old: str, new: str) -> None:
    """Rename a table to which no other one refers, and all that has its name in its own."""
    name = re.compile(rf"(?<![a-z]){old}(?![a-z])")
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.rename_table(old, new)
        for statement, called in connection.execute(_OF_POSTGRES, {"table": new}).all():
            if name.search(called):
                connection.execute(text(statement + name.sub(new, called)))
        return
    table, *indexes = connection.execute(_OF_SQLITE, {"table": old}).all()
    connection.execute(text(name.sub(new, table.sql)))
    connection.execute(text(f"INSERT INTO {new} SELECT * FROM {old}"))  # noqa: S608 - our own names
    connection.execute(text(f"DROP TABLE {old}"))
    for index in indexes:
        connection.execute(text(name.sub(new, index.sql)))
