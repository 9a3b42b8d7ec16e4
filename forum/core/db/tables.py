"""What all tables are made of: their base, moments in UTC, and indexes of a part of the rows."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    BindParameter,
    DateTime,
    Dialect,
    Index,
    MetaData,
    Row,
    TypeDecorator,
    bindparam,
    text,
)
from sqlalchemy.orm import DeclarativeBase

from forum.core import clock

AnyRow: TypeAlias = Row[*tuple[Any, ...]]


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: stored without zone in SQLite, with one in PostgreSQL, always UTC in Python."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any, _dialect: Dialect) -> datetime | None:
        moment: datetime | None = value
        if moment is not None and moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        return moment


class Base(DeclarativeBase):
    """The parent of every table; constraint names are fixed so migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}


def index_where(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Return an index of the rows of which this is true, said in words that both databases know."""
    only = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=only, postgresql_where=only)


@cache
def this_moment(later: timedelta = timedelta()) -> BindParameter[datetime]:
    """Return the moment at which a statement is run, so one that is kept holds no old moment.

    Or one so much later, or earlier, than that. It is one parameter however often a statement
    names it: the first page names it 240 times.
    """
    name = f"this_moment_{later.total_seconds():.0f}".replace("-", "before_")
    return bindparam(name, type_=UtcDateTime, callable_=lambda: clock.now() + later)
