"""Reads of the log: for moderators, and for those whom an act concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    false,
    literal,
    not_,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from forum.accounts.handles import fold
from forum.accounts.models import Account
from forum.accounts.policy import Viewer, member_id, person_id
from forum.core.db import at_most, reading
from forum.core.errors import Forbidden
from forum.groups.models import Group
from forum.moderation import looks, policy, queue_policy
from forum.moderation.models import LogRow, Look, Objection

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
            Look.id, Look.at, (literal(looks.LOOK) + Look.what).label("act"),
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


def found(viewer: Viewer, sought: Sought, *, page: int = 1, most: int = ROWS_A_PAGE) -> list[Any]:
    """Return what is sought of what the viewer may see, newest first, with one row more."""
    require_log(viewer)
    me = viewer.sql_id()
    acts = _rows().where(policy.sees_log(me), *_conditions(sought))
    seen = _looks().where(policy.sees_looks(me), *_of_looks(sought))
    rows: Select[*tuple[Any, ...]]
    if sought.act in looks.DONE or sought.looks == ONLY_LOOKS:
        rows = seen.order_by(Look.id.desc())
    elif sought.looks == WITH_LOOKS:
        both = union_all(acts, seen).subquery()
        rows = select(both).order_by(both.c.at.desc(), both.c.id.desc())
    else:
        rows = acts.order_by(LogRow.id.desc())
    a_page = rows.limit(at_most(most + 1)).offset(at_most((page - 1) * most))
    return list(reading().execute(a_page).all())


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
    conditions = _alike(sought, literal(looks.LOOK) + Look.what, Look.at)
    return [*conditions, false()] if sought.words else conditions  # a look has no words


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
