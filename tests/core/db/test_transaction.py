"""Facts inside the transaction, effects after it (rule 3)."""

import threading
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from forum.accounts.models import Account
from forum.core import clock, db, events
from forum.core.db.compiled_sql import CompiledStatement
from forum.core.events import announce


@dataclass(frozen=True)
class Happened:
    """Something for these tests."""

    what: str


@pytest.fixture
def heard(app: Flask) -> Iterator[list[str]]:
    """Collect what was heard, within and after."""
    collected: list[str] = []
    events.subscribe(
        {Happened: [lambda event: collected.append(f"within {event.what}")]},
        {Happened: [_breaks, lambda event: collected.append(f"after {event.what}")]},
    )
    yield collected
    events.subscribe({}, {})


def _breaks(_event: Happened) -> None:
    raise RuntimeError("a consequence that fails")


def add(handle: str) -> None:
    """Write one row."""
    db.current_session().add(
        Account(handle=handle, handle_key=handle, password_hash="", created_at=clock.now())
    )
    db.current_session().flush()


def count() -> int:
    """Count the rows with a fresh snapshot."""
    db.release_session()
    return db.current_session().scalar(select(func.count()).select_from(Account)) or 0


def test_effects_wait_for_the_commit_and_outlive_a_broken_one(heard: list[str]) -> None:
    with db.transaction():
        add("a")
        announce(Happened("a"))
        assert heard == ["within a"]
    assert heard == ["within a", "after a"]
    assert count() == 1


def test_a_rollback_leaves_neither_row_nor_effect(heard: list[str]) -> None:
    with pytest.raises(ZeroDivisionError), db.transaction():
        add("a")
        announce(Happened("a"))
        raise ZeroDivisionError
    assert heard == ["within a"]
    assert count() == 0


def test_an_inner_transaction_joins_the_outer_one(heard: list[str]) -> None:
    with pytest.raises(ZeroDivisionError), db.transaction():
        with db.transaction():
            add("a")
            announce(Happened("a"))
        raise ZeroDivisionError
    assert "after a" not in heard
    assert count() == 0


def test_a_savepoint_forgets_only_its_own(heard: list[str]) -> None:
    with db.transaction():
        add("a")
        announce(Happened("a"))
        with pytest.raises(ZeroDivisionError), db.savepoint():
            add("b")
            announce(Happened("b"))
            raise ZeroDivisionError
    assert [word for word in heard if word.startswith("after")] == ["after a"]
    assert count() == 1


def test_a_light_savepoint_forgets_only_its_own(heard: list[str]) -> None:
    with db.transaction() as session:
        add("a")
        with pytest.raises(ZeroDivisionError), db.light_savepoint():
            session.execute(delete(Account))
            announce(Happened("b"))
            raise ZeroDivisionError
        with db.light_savepoint():
            announce(Happened("c"))
    assert [word for word in heard if word.startswith("after")] == ["after c"]
    assert count() == 1


_RENAME = CompiledStatement(
    update(Account).where(Account.handle == bindparam("old")).values(handle=bindparam("new"))
)


_TAKE_KEY = CompiledStatement(
    update(Account).where(Account.handle == bindparam("old")).values(handle_key=bindparam("new"))
)


def handles() -> set[str]:
    """Return what everybody is called, with a fresh snapshot."""
    db.release_session()
    return set(db.current_session().scalars(select(Account.handle)))


def test_a_savepoint_forgets_what_went_past_the_session(app: Flask) -> None:
    with db.transaction():
        add("a")
    with db.transaction(), pytest.raises(ZeroDivisionError), db.savepoint():
        _RENAME.run(old="a", new="b")
        raise ZeroDivisionError
    assert handles() == {"a"}


def test_a_savepoint_leaves_what_was_added_before(app: Flask) -> None:
    with db.transaction() as session:
        session.add(Account(handle="a", handle_key="a", password_hash="", created_at=clock.now()))
        with pytest.raises(ZeroDivisionError), db.savepoint():
            add("b")
            raise ZeroDivisionError
    assert handles() == {"a"}


def test_light_savepoints_can_be_nested(app: Flask) -> None:
    with db.transaction():
        add("a")
        with pytest.raises(ZeroDivisionError), db.light_savepoint():
            _RENAME.run(old="a", new="b")
            with db.light_savepoint():
                pass
            raise ZeroDivisionError
        with db.light_savepoint():
            _RENAME.run(old="a", new="c")
    assert handles() == {"c"}


def test_a_transaction_that_an_error_has_undone_does_not_end_well(heard: list[str]) -> None:
    """Somebody catches the error of a flush, and goes on: nobody may be told that it was kept."""
    with pytest.raises(RuntimeError), db.transaction():
        add("a")
        announce(Happened("a"))
        with pytest.raises(IntegrityError):
            add("a")
    assert heard == ["within a"]
    assert count() == 0


def test_a_caught_error_past_the_session_is_not_passed_over(
    heard: list[str],
) -> None:
    """PostgreSQL undoes all that there is; SQLite only what went wrong."""
    undone = db.engine().dialect.name == "postgresql"
    with pytest.raises(RuntimeError) if undone else nullcontext(), db.transaction():
        add("a")
        add("b")
        announce(Happened("a"))
        with pytest.raises(IntegrityError):
            _TAKE_KEY.run(old="a", new="b")
    assert heard == (["within a"] if undone else ["within a", "after a"])
    assert count() == (0 if undone else 2)


def test_nothing_is_announced_outside_a_transaction(app: Flask) -> None:
    with pytest.raises(RuntimeError):
        announce(Happened("a"))


def test_a_read_after_a_write_sees_it(app: Flask) -> None:
    assert db.current_session().scalar(select(func.count()).select_from(Account)) == 0
    with db.transaction():
        add("a")
    assert db.current_session().scalar(select(func.count()).select_from(Account)) == 1


def test_many_writers_queue_without_loss(app: Flask) -> None:
    def write(number: int) -> None:
        for turn in range(10):
            with db.transaction():
                add(f"w{number}-{turn}")

    writers = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert count() == 80


def test_sqlite_is_opened_for_durability(app: Flask) -> None:
    if db.engine().dialect.name != "sqlite":
        with db.engine().connect() as connection:
            assert connection.exec_driver_sql("show timezone").scalar() == "UTC"
        return
    with db.engine().connect() as connection:
        for pragma, value in {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}.items():
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
        version = connection.exec_driver_sql("select sqlite_version()").scalar()
    assert tuple(map(int, str(version).split("."))) >= (3, 51, 3)


def test_models_and_migrations_agree(app: Flask) -> None:
    from alembic import command

    from forum import migrations

    command.check(migrations.config())
