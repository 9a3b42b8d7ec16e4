"""What SQLite is asked, and how it finds the answer."""

from collections.abc import Callable
from typing import Any

from forum.core import db


def asked_by(act: Callable[[], object]) -> set[str]:
    """Return what SQLite is asked meanwhile, with the values that are asked for."""
    asked: set[str] = set()
    driver: Any = db.current_connection().connection.dbapi_connection
    driver.set_trace_callback(asked.add)
    act()
    driver.set_trace_callback(None)
    return {one for one in asked if one.lstrip().upper().startswith(("SELECT", "WITH"))}


def steps(statement: str) -> list[str]:
    """Return what SQLite does for a statement."""
    rows = db.current_session().connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
    return [str(row[3]) for row in rows]
