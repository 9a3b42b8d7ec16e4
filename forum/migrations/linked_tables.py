"""Renaming tables that refer to each other, with their columns and rows, on both databases.

Names of constraints and indexes follow the convention in `core.db.tables`, so they change along.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import sqlalchemy as sa
from alembic import op


class Renamed(NamedTuple):
    """What a table is called from now on, and those of its columns that change their name."""

    table: str
    columns: Mapping[str, str]


def rename(tables: Mapping[str, Renamed]) -> None:
    """Rename tables and columns, then what is named after them."""
    for old, new in tables.items():
        if old != new.table:
            op.execute(f'ALTER TABLE "{old}" RENAME TO "{new.table}"')
        for before, after in new.columns.items():
            op.execute(f'ALTER TABLE "{new.table}" RENAME COLUMN "{before}" TO "{after}"')
    for old, new in tables.items():
        _rename_constraints(new.table, dict(_constraints(old, new)))
        for before, after in _indexes(old, new):
            _rename_index(before, after)
        if old != new.table and op.get_bind().dialect.name == "postgresql":
            op.execute(f'ALTER SEQUENCE IF EXISTS "{old}_id_seq" RENAME TO "{new.table}_id_seq"')


def reversed_(tables: Mapping[str, Renamed]) -> dict[str, Renamed]:
    """Return the renames that take these back."""
    return {
        new.table: Renamed(old, {after: before for before, after in new.columns.items()})
        for old, new in tables.items()
    }


def _constraints(old: str, new: Renamed) -> Iterator[tuple[str, str]]:
    """Return the present and the wanted names of a table's constraints, where they differ."""
    found = sa.inspect(op.get_bind())
    names: list[tuple[str | None, str]] = [
        (found.get_pk_constraint(new.table)["name"], f"pk_{new.table}")
    ]
    names += [
        (
            key["name"],
            f"fk_{new.table}_{'_'.join(key['constrained_columns'])}_{key['referred_table']}",
        )
        for key in found.get_foreign_keys(new.table)
    ]
    names += [
        (unique["name"], f"uq_{new.table}_{'_'.join(unique['column_names'])}")
        for unique in found.get_unique_constraints(new.table)
    ]
    for check in found.get_check_constraints(new.table):
        tail = (check["name"] or "").removeprefix(f"ck_{old}_")
        names.append((check["name"], f"ck_{new.table}_{new.columns.get(tail, tail)}"))
    yield from ((now, wanted) for now, wanted in names if now and now != wanted)


def _indexes(old: str, new: Renamed) -> Iterator[tuple[str, str]]:
    """Return the present and the wanted names of a table's own indexes, where they differ."""
    before = {after: name for name, after in new.columns.items()}
    for index in sa.inspect(op.get_bind()).get_indexes(new.table):
        if index.get("duplicates_constraint"):
            continue
        name, columns = index["name"] or "", [column or "" for column in index["column_names"]]
        tail = name.removeprefix(f"ix_{old}_")
        if tail == "_".join(before.get(column, column) for column in columns):
            tail = "_".join(columns)
        if name != f"ix_{new.table}_{tail}":
            yield name, f"ix_{new.table}_{tail}"


def _rename_constraints(table: str, names: Mapping[str, str]) -> None:
    bound = op.get_bind()
    if not names:
        return
    if bound.dialect.name != "sqlite":
        for before, after in names.items():
            op.execute(f'ALTER TABLE "{table}" RENAME CONSTRAINT "{before}" TO "{after}"')
        return
    # SQLite has no other way but to rebuild the table, which would delete by cascade what refers to
    # its rows. A name in the schema's text changes nothing else.
    version = bound.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bound.exec_driver_sql("PRAGMA writable_schema = ON")
    for before, after in names.items():
        bound.execute(
            sa.text(
                "UPDATE sqlite_master SET sql = replace(sql, :before, :after) "
                "WHERE type = 'table' AND name = :table"
            ),
            {"before": f"CONSTRAINT {before} ", "after": f"CONSTRAINT {after} ", "table": table},
        )
    bound.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bound.exec_driver_sql("PRAGMA writable_schema = OFF")


def _rename_index(before: str, after: str) -> None:
    bound = op.get_bind()
    if bound.dialect.name != "sqlite":
        op.execute(f'ALTER INDEX "{before}" RENAME TO "{after}"')
        return
    asked = sa.text("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = :name")
    made: str = bound.execute(asked, {"name": before}).scalar_one()
    op.execute(f'DROP INDEX "{before}"')
    bound.exec_driver_sql(made.replace(before, after, 1))
