"""To plan a statement takes longer than to run it, so a connection keeps the plans that it made."""

from pathlib import Path

from sqlalchemy.engine import Engine

from forum.core.db.engines import make_engine


def _planned(engine: Engine, statements: list[str]) -> int:
    """Return how often SQLite planned something: it asks then what the statement may do."""
    asked = list[object]()

    def allow(*what: object) -> int:
        asked.append(what)
        return 0  # SQLITE_OK

    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver
        driver.set_authorizer(allow)
        for statement in statements:
            connection.exec_driver_sql(statement).all()
    return len(asked)


def test_a_new_statement_is_planned_once_after_two_hundred_that_were_used_more_often(
    tmp_path: Path,
) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'forum.sqlite3'}")
    often = 2 * [f"SELECT {number}" for number in range(200)]
    once = ["SELECT 'one'", "SELECT 'two'"]
    planned = _planned(engine, [*often, *once])
    engine.dispose()
    assert _planned(engine, [*often, *once, *once, *once]) == planned
    engine.dispose()


def test_a_connection_is_taken_that_was_in_use_a_moment_ago(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'forum.sqlite3'}")
    with engine.connect() as first, engine.connect() as second:
        names = {first.connection.dbapi_connection, second.connection.dbapi_connection}
    used = set()
    for _ in range(3):
        with engine.connect() as connection:
            used.add(connection.connection.dbapi_connection)
    assert len(names) == 2
    assert len(used) == 1
    engine.dispose()
