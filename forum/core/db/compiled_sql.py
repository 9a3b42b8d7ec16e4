"""The dozen statements for which it pays to be compiled once and put to the driver directly.

What SQLAlchemy prepares for each execution grows with the statement, and ours contain the rules of
who sees what: it costs ten times what SQLite needs for the answer. Rules are still written as
SQLAlchemy conditions; only the way to the database is shorter. All other statements go through
SQLAlchemy. `docs/decisions/0005-direct-questions.md` has what each one saves.
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, SelectBase, UpdateBase
from sqlalchemy.exc import DBAPIError

from forum.core import db
from forum.core.cooperative_yielding import in_turns

Statement = SelectBase | UpdateBase
Processor = Callable[[Any], Any] | None
_DOUBLE = 701  # the only kind of number for which PostgreSQL's dialect asks what exactly it is
T = TypeVar("T")
STATEMENTS: list["CompiledStatement"] = []


class CompiledStatement:
    """A statement whose parameters are named with `bindparam`; lists of values are not for it.

    What depends on something that slices above add to is given as a function, which is asked for
    the statement when that is compiled.

    An INSERT or UPDATE names every column that it writes, since defaults of models are the
    session's to fill in, and runs inside `transaction()`.
    """

    def __init__(self, statement: Statement | Callable[[], Statement]) -> None:
        self._statement = statement
        self._ready: dict[str, _ForDialect] = {}
        STATEMENTS.append(self)

    def all(self, **values: Any) -> list[Any]:
        """Return all rows as named tuples. Raises DBAPIError's kinds as SQLAlchemy does."""
        return self._execute(values, lambda ready, cursor: ready.rows(cursor.fetchall()))

    def first(self, **values: Any) -> Any | None:
        """Return the first row, or None."""
        rows = self.all(**values)
        return rows[0] if rows else None

    def run(self, **values: Any) -> None:
        """Execute what returns no rows. Raises as `all` does."""
        self._execute(values, lambda _ready, _cursor: None)

    @property
    def statement(self) -> Statement:
        """The statement as SQLAlchemy has it."""
        return self._statement() if callable(self._statement) else self._statement

    @property
    def compiled(self) -> bool:
        """Whether it is ready for the database that is in use."""
        return db.engine().dialect.name in self._ready

    def compile(self, dialect: Dialect) -> "_ForDialect":
        """Put the statement into the words of one kind of database, once."""
        ready = self._ready[dialect.name] = _ForDialect(self.statement, dialect)
        return ready

    def _execute(
        self,
        values: dict[str, Any],
        take: Callable[["_ForDialect", Any], T],
    ) -> T:
        connection = db.current_connection()
        ready = self._ready.get(connection.dialect.name) or self.compile(connection.dialect)
        cursor = ready.cursor(connection)
        try:
            cursor.execute(ready.sql, ready.parameters(values))
            return take(ready, cursor)
        except ready.driver_error as problem:
            raise _as_sqlalchemy_error(problem, connection, ready.driver_error) from None
        finally:
            cursor.close()


def compile_all() -> None:
    """Compile what has not been compiled yet for the database that is in use, in turns.

    It takes about half a second, which nobody who opens a page should wait for.
    """
    for each in in_turns(STATEMENTS):
        if not each.compiled:
            each.compile(db.engine().dialect)


def _as_sqlalchemy_error(problem: Any, connection: Connection, driver_error: Any) -> BaseException:
    """Return the driver's error as SQLAlchemy's, and give up a connection that is broken."""
    dialect = connection.dialect
    broken = dialect.is_disconnect(problem, connection.connection.dbapi_connection, None)
    if broken:
        connection.invalidate(problem)
    told: BaseException = DBAPIError.instance(
        None,
        None,
        problem,
        driver_error,
        hide_parameters=True,
        dialect=dialect,
        connection_invalidated=broken,
    )
    return told


@cache
def _numbered_dialect() -> tuple[Dialect, Any]:
    """Return the dialect with numbered parameters, and its cursor; SQLite loads neither."""
    from psycopg import RawCursor
    from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

    return PGDialect_psycopg(paramstyle="numeric_dollar"), RawCursor  # type: ignore[no-untyped-call]


class _ForDialect:
    """A statement in the words of one kind of database."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        # psycopg looks for parameters named in Python's way in each long statement again; those
        # numbered in PostgreSQL's way it hands on as they are.
        words: Dialect = dialect
        self._raw_cursor: Any = None
        if dialect.name == "postgresql":
            words, self._raw_cursor = _numbered_dialect()
        compiled = statement.compile(dialect=words)
        self.sql = str(compiled)
        self.driver_error: Any = dialect.dbapi.Error if dialect.dbapi else Exception
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        self._names = list(compiled.positiontup or binds)
        self._by_position = compiled.positiontup is not None
        self._fixed: list[Any] = [None] * len(self._names)
        self._asked: list[tuple[int, str, Processor]] = []
        self._called: list[tuple[int, Callable[[], Any], Processor]] = []
        for at, name in enumerate(self._names):
            bind = binds[name]
            processor = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if bind.callable is not None:
                self._called.append((at, bind.callable, processor))
            elif bind.required:
                self._asked.append((at, bind.key, processor))
            else:
                self._fixed[at] = processor(bind.value) if processor else bind.value
        columns = list(statement.exported_columns)
        self._row: Callable[..., Any] = namedtuple(  # type: ignore[misc]
            "Row", [column.key for column in columns]
        )
        results = [column.type.dialect_impl(dialect) for column in columns]
        processors = [kind.result_processor(dialect, _DOUBLE) for kind in results]
        self._results = [(at, to) for at, to in enumerate(processors) if to is not None]

    def cursor(self, connection: Connection) -> Any:
        """Return a cursor of the driver that reads these words."""
        if self._raw_cursor:
            return self._raw_cursor(connection.connection.dbapi_connection)
        return connection.connection.cursor()

    def parameters(self, values: dict[str, Any]) -> Any:
        """Return the values as the driver wants them."""
        given = self._fixed.copy()
        for at, key, processor in self._asked:
            given[at] = processor(values[key]) if processor else values[key]
        answers: dict[Callable[[], Any], Any] = {}
        for at, ask, processor in self._called:
            if ask not in answers:
                answers[ask] = processor(ask()) if processor else ask()
            given[at] = answers[ask]
        return given if self._by_position else dict(zip(self._names, given, strict=True))

    def rows(self, fetched: Sequence[Any]) -> list[Any]:
        """Return what was fetched as named tuples of Python's own types."""
        if not self._results:
            return [self._row(*row) for row in fetched]
        made = []
        for row in fetched:
            values = list(row)
            for at, processor in self._results:
                values[at] = processor(values[at])
            made.append(self._row(*values))
        return made
