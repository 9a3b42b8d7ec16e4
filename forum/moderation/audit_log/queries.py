"""Reads of the log: for moderators, and for those whom an action concerns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    case,
    cast,
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
from forum.accounts.policy import Viewer, ViewerId, member_id
from forum.core import clock, ids
from forum.core.db import UtcDateTime, at_most, current_session
from forum.core.errors import Forbidden
from forum.core.translation import _
from forum.groups.models import Group
from forum.moderation.actions.targets import PERSON
from forum.moderation.appeals import queries as appeals
from forum.moderation.audit_log import access_log
from forum.moderation.audit_log import policy as log_policy
from forum.moderation.models import AccessLogEntry, AuditLogEntry
from forum.moderation.queue_items import policy as queue_policy
from forum.moderation.second_approval import approvers

ROWS_A_PAGE, DAYS_MAX = 50, 3_660
WITH_ACCESSES, ONLY_ACCESSES = "with", "only"
_BY, _SECOND, _PERSON, _UNDO, _UNDONE = (
    aliased(Account),
    aliased(Account),
    aliased(Account),
    aliased(AuditLogEntry),
    aliased(AuditLogEntry),
)


@dataclass(frozen=True)
class LogFilter:
    """What somebody looks for in the log; empty parts do not matter.

    `accesses` adds the access log (WITH_ACCESSES), or shows it alone (ONLY_ACCESSES). `days` is
    how many days back, and `entry` the number of one action.
    """

    words: str = ""
    action: str = ""
    by: str = ""
    person: str = ""
    group: str = ""
    since: str = ""
    until: str = ""
    accesses: str = ""
    days: str = ""
    entry: str = ""


class LogPosition(NamedTuple):
    """Where a row is in both logs: the newest first, and at one moment actions first."""

    at: datetime
    id: int
    access: bool


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            AuditLogEntry.id,
            AuditLogEntry.at,
            AuditLogEntry.action,
            _BY.handle.label("by"),
            _SECOND.handle.label("approver"),
            Group.slug.label("group"),
            Group.name.label("group_name"),
            AuditLogEntry.target_kind,
            AuditLogEntry.target_id,
            _PERSON.handle.label("person"),
            AuditLogEntry.reason,
            AuditLogEntry.message,
            _UNDO.id.is_not(None).label("undone"),
            AuditLogEntry.person_id,
            _UNDONE.id.label("undoes_id"),
            _UNDONE.action.label("undoes"),
        )
        .outerjoin(_UNDONE, _UNDONE.id == AuditLogEntry.undoes_id)
        .outerjoin(Group, Group.id == AuditLogEntry.group_id)
        .outerjoin(_BY, _BY.id == AuditLogEntry.by_id)
        .outerjoin(_SECOND, _SECOND.id == AuditLogEntry.approver_id)
        .outerjoin(_PERSON, _PERSON.id == AuditLogEntry.person_id)
        .outerjoin(_UNDO, _UNDO.undoes_id == AuditLogEntry.id)
    )


def _accesses() -> Select[*tuple[Any, ...]]:
    """The access log, in the columns of the audit log."""
    return (
        select(
            AccessLogEntry.id,
            AccessLogEntry.at,
            (literal(access_log.PREFIX) + AccessLogEntry.reason).label("action"),
            _BY.handle.label("by"),
            cast(null(), String).label("approver"),
            Group.slug.label("group"),
            Group.name.label("group_name"),
            AccessLogEntry.target_kind,
            AccessLogEntry.target_id,
            _PERSON.handle.label("person"),
            literal("").label("reason"),
            literal("").label("message"),
            false().label("undone"),
            AccessLogEntry.person_id,
            cast(null(), Integer).label("undoes_id"),
            cast(null(), String).label("undoes"),
        )
        .outerjoin(Group, Group.id == AccessLogEntry.group_id)
        .outerjoin(_BY, _BY.id == AccessLogEntry.by_id)
        .outerjoin(_PERSON, _PERSON.id == AccessLogEntry.person_id)
    )


def require_access(viewer: Viewer) -> None:
    """Raise LoginNeeded or Forbidden for anyone who moderates nothing."""
    member_id(viewer)
    if not current_session().scalar(select(queue_policy.moderates_anything(viewer.sql_id()))):
        raise Forbidden(_("Only moderators can see the log."), code="not_yours")


def find(
    viewer: Viewer, wanted: LogFilter, *, behind: LogPosition | None = None, most: int = ROWS_A_PAGE
) -> list[Any]:
    """Return what is wanted of what the viewer may see, newest first, with one row more.

    `behind` is the last row that was there before, so each page costs what the first does.
    """
    require_access(viewer)
    me = viewer.sql_id()
    actions = _rows().where(
        log_policy.sees_log(me), *_conditions(wanted), *_behind(AuditLogEntry, behind)
    )
    seen = _accesses().where(
        log_policy.sees_access_log(me),
        *_access_conditions(wanted),
        *_behind(AccessLogEntry, behind),
    )
    actions, seen = (
        rows.order_by(row.at.desc(), row.id.desc()).limit(at_most(most + 1))
        for rows, row in ((actions, AuditLogEntry), (seen, AccessLogEntry))
    )
    rows: Select[*tuple[Any, ...]] = actions
    if wanted.action in access_log.LABELS or wanted.accesses == ONLY_ACCESSES:
        rows = seen
    elif wanted.accesses == WITH_ACCESSES:
        both = union_all(select(actions.subquery()), select(seen.subquery())).subquery()
        acts_first = case((both.c.action.in_(access_log.LABELS), 1), else_=0)
        rows = select(both).order_by(both.c.at.desc(), both.c.id.desc(), acts_first)
        rows = rows.limit(at_most(most + 1))
    return list(current_session().execute(rows).all())


def entries_about(
    viewer: Viewer, target_kind: str, target_id: int, group_id: int | None
) -> Sequence[Any]:
    """Return the last actions on one thing, or on one person in a group, that the viewer may see.

    Raises LoginNeeded or Forbidden.
    """
    require_access(viewer)
    found = _rows().where(
        log_policy.sees_log(viewer.sql_id()),
        AuditLogEntry.target_kind == target_kind,
        AuditLogEntry.target_id == target_id,
    )
    if target_kind == PERSON:
        found = found.where(AuditLogEntry.group_id.is_not_distinct_from(group_id))
    newest = found.order_by(AuditLogEntry.id.desc()).limit(at_most(ROWS_A_PAGE))
    return current_session().execute(newest).all()


def position_of(row: Any) -> LogPosition:
    """Return the position of a row that was found."""
    return LogPosition(row.at, row.id, row.action in access_log.LABELS)


def position_named(viewer: Viewer, name: str) -> LogPosition | None:
    """Return where a row is that the viewer sees, by its name: "action-7" or "access-7"."""
    kind, _, number = name.partition("-")
    row_id, me = ids.row_id(number), viewer.sql_id()
    if row_id is None or kind not in _SEES:
        return None
    row, sees = _SEES[kind]
    its = select(row.at).outerjoin(Group, Group.id == row.group_id)
    at = current_session().scalar(its.where(row.id == row_id, sees(me)))
    return LogPosition(at, row_id, row is AccessLogEntry) if at else None


_SEES: Mapping[
    str, tuple[type[AuditLogEntry | AccessLogEntry], Callable[[ViewerId], ColumnElement[bool]]]
] = {
    "action": (AuditLogEntry, log_policy.sees_log),
    "access": (AccessLogEntry, log_policy.sees_access_log),
}


def _conditions(wanted: LogFilter) -> list[ColumnElement[bool]]:
    conditions = _common_conditions(wanted, AuditLogEntry.action, AuditLogEntry.at)
    if wanted.entry:
        conditions.append(AuditLogEntry.id == (ids.row_id(wanted.entry) or 0))
    if wanted.words:
        conditions.append(
            or_(
                AuditLogEntry.reason.icontains(wanted.words, autoescape=True),
                AuditLogEntry.message.icontains(wanted.words, autoescape=True),
            )
        )
    return conditions


def _access_conditions(wanted: LogFilter) -> list[ColumnElement[bool]]:
    conditions = _common_conditions(
        wanted, literal(access_log.PREFIX) + AccessLogEntry.reason, AccessLogEntry.at
    )
    return [*conditions, false()] if wanted.words else conditions  # the access log has no text


def _behind(
    row: type[AuditLogEntry | AccessLogEntry], place: LogPosition | None
) -> list[ColumnElement[bool]]:
    if place is None:
        return []
    # A look that has the number and the moment of an action comes behind it.
    goes_on = (
        row.id <= place.id if row is AccessLogEntry and not place.access else row.id < place.id
    )
    return [row.at <= place.at, or_(row.at < place.at, goes_on)]


def _common_conditions(wanted: LogFilter, action: Any, at: Any) -> list[ColumnElement[bool]]:
    asked: Sequence[tuple[Any, str]] = (
        (action, wanted.action),
        (Group.slug, wanted.group),
        (_BY.handle_key, fold(wanted.by)),
        (_PERSON.handle_key, fold(wanted.person)),
    )
    conditions = [column == value for column, value in asked if value]
    if since := _day(wanted.since):
        conditions.append(at >= since)
    if days := ids.number(wanted.days, DAYS_MAX):
        conditions.append(at >= literal(clock.now() - timedelta(days=days), UtcDateTime))
    if until := _day(wanted.until):
        conditions.append(not_(at >= until + timedelta(days=1)))
    return conditions


def _day(told: str) -> datetime | None:
    try:
        day = date.fromisoformat(told)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day < date(9000, 1, 1) else None


def count_waiting(viewer: Viewer) -> int:
    """Return how much waits for this person: pending actions of others, and appeals."""
    others = [one for one in approvers.pending_for(viewer) if one.by_id != viewer.id]
    return len(others) + len(appeals.appeals_for(viewer))
