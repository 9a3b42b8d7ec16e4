"""What the tables of a release hold."""

from typing import Any

import pyarrow as pa

from forum.research.releases.package.schema import Table


def rows(table: Table) -> list[dict[str, Any]]:
    """Return a table's rows, by the names of its columns."""
    return list(pa.Table.from_batches(list(table.batches())).to_pylist())


def columns(table: Table) -> set[str]:
    """Return the names of its columns."""
    return {field.name for field in table.fields}
