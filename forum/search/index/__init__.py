"""The index of each kind of database, behind one interface.

What is asked of it is an `Asked`: the same in both, as are the keys, so both find the same.
"""

from forum.core import db
from forum.search.index import postgresql, sqlite
from forum.search.index.interface import Index

_INDEXES: dict[str, Index] = {"sqlite": sqlite.Fts5(), "postgresql": postgresql.Gin()}


def current() -> Index:
    """Return the index of the database that is in use."""
    return _INDEXES[db.engine().dialect.name]
