"""Reads of the log: for moderators, and for those whom an act concerns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    case,
    false,
    literal,
    not_,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from forum.accounts.identity.handles import fold
from forum.accounts.models import Account
from forum.accounts.policy import Viewer, ViewerId, member_id, person_id
from forum.core import ids
from forum.core.db import at_most, reading
from forum.core.errors import Forbidden
from forum.groups.models import Group
from forum.moderation import policy
from forum.moderation.audit_log import access_log
from forum.moderation.models import LogRow, Look, Objection
from forum.moderation.queue import policy as queue_policy

ROWS_A_PAGE = 50
WITH_LOOKS, ONLY_LOOKS = "with", "only"
_BY, _SECOND, _PERSON, _UNDO = (
    aliased(Account), aliased(Account), aliased(Account), aliased(LogRow)
)  # fmt: skip


@dataclass(frozen=True)
class Sought:
    """What somebody looks for in the log; empty parts do not matter.

    `looks` adds looks to the acts (WITH_LOOKS), or leaves the acts out (ONLY_LOOKS).
    """

    words: str = ""
    act: str = ""
    by: str = ""
    person: str = ""
    group: str = ""
    since: str = ""
    until: str = ""
    looks: str = ""


class Place(NamedTuple):
    """Where a row stands among acts and looks: the newest first, and at one moment acts first."""

    at: datetime
    id: int
    look: bool


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            LogRow.id, LogRow.at, LogRow.act, _BY.handle.label("by"),
            _SECOND.handle.label("second"), Group.slug.label("group"),
            Group.name.label("group_name"), LogRow.subject_kind,
            LogRow.subject_id, _PERSON.handle.label("person"), LogRow.reason, LogRow.message,
            _UNDO.id.is_not(None).label("undone"), LogRow.person_id,
        )
        .outerjoin(Group, Group.id == LogRow.group_id)
        .outerjoin(_BY, _BY.id == LogRow.by_id)
        .outerjoin(_SECOND, _SECOND.id == LogRow.second_id)
        .outerjoin(_PERSON, _PERSON.id == LogRow.person_id)
        .outerjoin(_UNDO, _UNDO.undoes_id == LogRow.id)
    )  # fmt: skip


def _objected() -> Select[*tuple[Any, ...]]:
    return (
        _rows()
        .add_columns(
            Objection.words.label("objection"), Objection.answered_at, Objection.overturned,
            Objection.answer,
        )
        .outerjoin(Objection, Objection.log_id == LogRow.id)
        .order_by(LogRow.id.desc())
    )  # fmt: skip


def _looks() -> Select[*tuple[Any, ...]]:
    """Looks in the same columns as acts."""
    return (
        select(
            Look.id, Look.at, (literal(access_log.LOOK) + Look.what).label("act"),
            _BY.handle.label("by"), null().label("second"), Group.slug.label("group"),
            Group.name.label("group_name"),
            Look.subject_kind, Look.subject_id, _PERSON.handle.label("person"),
            literal("").label("reason"), literal("").label("message"), false().label("undone"),
            Look.person_id,
        )
        .outerjoin(Group, Group.id == Look.group_id)
        .outerjoin(_BY, _BY.id == Look.by_id)
        .outerjoin(_PERSON, _PERSON.id == Look.person_id)
    )  # fmt: skip


def require_log(viewer: Viewer) -> None:
    """Raise LoginNeeded or Forbidden for anyone who moderates nothing."""
    member_id(viewer)
    if not reading().scalar(select(queue_policy.tends_anything(viewer.sql_id()))):
        raise Forbidden("The log is for those who look after a group.", code="not_yours")


def found(
    viewer: Viewer, sought: Sought, *, behind: Place | None = None, most: int = ROWS_A_PAGE
) -> list[Any]:
    """Return what is sought of what the viewer may see, newest first, with one row more.

    `behind` is the last row that was there before, so that each page costs what the first does.
    """
    require_log(viewer)
    me = viewer.sql_id()
    acts = _rows().where(policy.sees_log(me), *_conditions(sought), *_behind(LogRow, behind))
    seen = _looks().where(policy.sees_looks(me), *_of_looks(sought), *_behind(Look, behind))
    acts, seen = (
        rows.order_by(row.at.desc(), row.id.desc()).limit(at_most(most + 1))
        for rows, row in ((acts, LogRow), (seen, Look))
    )
    rows: Select[*tuple[Any, ...]] = acts
    if sought.act in access_log.DONE or sought.looks == ONLY_LOOKS:
        rows = seen
    elif sought.looks == WITH_LOOKS:
        both = union_all(select(acts.subquery()), select(seen.subquery())).subquery()
        acts_first = case((both.c.act.in_(access_log.DONE), 1), else_=0)
        rows = select(both).order_by(both.c.at.desc(), both.c.id.desc(), acts_first)
        rows = rows.limit(at_most(most + 1))
    return list(reading().execute(rows).all())


def place_of(row: Any) -> Place:
    """Return where a row that was found stands."""
    return Place(row.at, row.id, row.act in access_log.DONE)


def place_named(viewer: Viewer, name: str) -> Place | None:
    """Return the place of a row that the viewer sees, by its name as in "act-7" or "look-7"."""
    kind, _, number = name.partition("-")
    row_id, me = ids.row_id(number), viewer.sql_id()
    if row_id is None or kind not in _SEES:
        return None
    row, sees = _SEES[kind]
    its = select(row.at).outerjoin(Group, Group.id == row.group_id)
    at = reading().scalar(its.where(row.id == row_id, sees(me)))
    return Place(at, row_id, row is Look) if at else None


_SEES: Mapping[str, tuple[type[LogRow | Look], Callable[[ViewerId], ColumnElement[bool]]]] = {
    "act": (LogRow, policy.sees_log), "look": (Look, policy.sees_looks),
}  # fmt: skip


def old_titles(viewer: Viewer, rows: Sequence[Any]) -> dict[int, str]:
    """Return the titles that were changed, by row of the log, to those who may change titles."""
    found = (
        select(LogRow.id, LogRow.before["title"].as_string())
        .outerjoin(Group, Group.id == LogRow.group_id)
        .where(
            LogRow.id.in_([row.id for row in rows if row.act == "title"]),
            policy.does(viewer.sql_id(), LogRow.group_id, LogRow.act),
        )
    )
    return {row_id: title for row_id, title in reading().execute(found) if title}


def own(viewer: Viewer) -> list[Any]:
    """Return what was done to the viewer and their words, without who did it."""
    person_id(viewer)
    rows = _objected().where(policy.concerns(viewer.sql_id())).limit(at_most(200))
    return list(reading().execute(rows).all())


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    conditions = _alike(sought, LogRow.act, LogRow.at)
    if sought.words:
        conditions.append(
            or_(LogRow.reason.icontains(sought.words, autoescape=True),
                LogRow.message.icontains(sought.words, autoescape=True))
        )  # fmt: skip
    return conditions


def _of_looks(sought: Sought) -> list[ColumnElement[bool]]:
    conditions = _alike(sought, literal(access_log.LOOK) + Look.what, Look.at)
    return [*conditions, false()] if sought.words else conditions  # a look has no words


def _behind(row: type[LogRow | Look], place: Place | None) -> list[ColumnElement[bool]]:
    if place is None:
        return []
    # A look that has the number and the moment of an act comes behind it.
    goes_on = row.id <= place.id if row is Look and not place.look else row.id < place.id
    return [row.at <= place.at, or_(row.at < place.at, goes_on)]


def _alike(sought: Sought, act: Any, at: Any) -> list[ColumnElement[bool]]:
    asked: Sequence[tuple[Any, str]] = (
        (act, sought.act), (Group.slug, sought.group),
        (_BY.handle_key, fold(sought.by)), (_PERSON.handle_key, fold(sought.person)),
    )  # fmt: skip
    conditions = [column == value for column, value in asked if value]
    if since := _day(sought.since):
        conditions.append(at >= since)
    if until := _day(sought.until):
        conditions.append(not_(at >= until + timedelta(days=1)))
    return conditions


def _day(told: str) -> datetime | None:
    try:
        day = date.fromisoformat(told)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day < date(9000, 1, 1) else None
