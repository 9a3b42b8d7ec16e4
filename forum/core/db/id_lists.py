"""A list of ids as one parameter, so a statement has the same words for any number of them.

SQLAlchemy writes a parameter for each id into a statement's words at each execution, and SQLite
plans it again. For the hundreds who are in a thread or a room that takes longer than the answer.
"""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ARRAY,
    Dialect,
    Integer,
    String,
    TableValuedAlias,
    TypeDecorator,
    bindparam,
    column,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class _Ids(TypeDecorator[Collection[int]]):
    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kept = ARRAY(Integer) if dialect.name == "postgresql" else String()
        return dialect.type_descriptor(kept)

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> Any:
        ids = list(value or ())
        return ids if dialect.name == "postgresql" else json.dumps(ids)


class _Listed(FunctionElement[int]):
    name = "listed"
    inherit_cache = True


@compiles(_Listed, "sqlite")
def _from_json(element: _Listed, compiler: Any, **options: Any) -> str:
    ids = compiler.process(element.clauses, **options)
    return f"(SELECT value FROM json_each({ids}))"  # noqa: S608 - a parameter


@compiles(_Listed, "postgresql")
def _from_array(element: _Listed, compiler: Any, **options: Any) -> str:
    return f"(SELECT unnest({compiler.process(element.clauses, **options)}) AS value)"


def id_list(name: str) -> TableValuedAlias:
    """Return a table whose column `value` has the ids that the statement is given under this name.

    Join it: SQLite would go through the whole of a large table for a condition with IN.
    """
    ids = _Listed(bindparam(name, type_=_Ids()))
    return ids.table_valued(column("value", Integer), name=name)
