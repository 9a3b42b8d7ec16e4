"""Reads of the log: for moderators, and for those whom an act concerns."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, not_, or_, select
from sqlalchemy.orm import aliased

from forum.accounts.handles import fold
from forum.accounts.models import Account
from forum.accounts.policy import Viewer, member_id, person_id
from forum.core import text
from forum.core.db import at_most, reading
from forum.core.errors import Forbidden
from forum.groups.models import Group
from forum.moderation import policy, queue_policy
from forum.moderation.models import LogRow, Objection, Proposal

ROWS_A_PAGE, EXPORT_MOST = 50, 10_000
_BY, _SECOND, _PERSON, _UNDO = (
    aliased(Account), aliased(Account), aliased(Account), aliased(LogRow)
)  # fmt: skip
COLUMNS = ("id", "at", "act", "by", "second", "group", "subject_kind", "subject_id", "person",
           "reason", "message", "undone")  # fmt: skip


@dataclass(frozen=True)
class Sought:
    """What somebody looks for in the log; empty parts do not matter."""

    words: str = ""
    act: str = ""
    by: str = ""
    person: str = ""
    group: str = ""
    since: str = ""
    until: str = ""


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            LogRow.id, LogRow.at, LogRow.act, _BY.handle.label("by"),
            _SECOND.handle.label("second"), Group.slug.label("group"), LogRow.subject_kind,
            LogRow.subject_id, _PERSON.handle.label("person"), LogRow.reason, LogRow.message,
            _UNDO.id.is_not(None).label("undone"), LogRow.person_id, LogRow.group_id,
            Objection.words.label("objection"), Objection.answered_at, Objection.overturned,
            Objection.answer,
        )
        .outerjoin(Group, Group.id == LogRow.group_id)
        .outerjoin(_BY, _BY.id == LogRow.by_id)
        .outerjoin(_SECOND, _SECOND.id == LogRow.second_id)
        .outerjoin(_PERSON, _PERSON.id == LogRow.person_id)
        .outerjoin(_UNDO, _UNDO.undoes_id == LogRow.id)
        .outerjoin(Objection, Objection.log_id == LogRow.id)
        .order_by(LogRow.id.desc())
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
    may_undo = policy.does(me, LogRow.group_id, LogRow.act).label("may_undo")
    rows = _rows().add_columns(may_undo).where(policy.sees_log(me), *_conditions(sought))
    return list(
        reading().execute(rows.limit(at_most(most + 1)).offset(at_most((page - 1) * most))).all()
    )


def as_csv(viewer: Viewer, sought: Sought) -> str:
    """Return what is sought as CSV in which no cell can be taken for a formula."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(COLUMNS)
    for row in found(viewer, sought, most=EXPORT_MOST)[:EXPORT_MOST]:
        writer.writerow([_cell(getattr(row, name)) for name in COLUMNS])
    return made.getvalue()


def waiting(viewer: Viewer) -> list[Any]:
    """Return the acts that wait for a second person, where the viewer may do them."""
    me = viewer.sql_id()
    rows = (
        select(Proposal.id, Proposal.act, Proposal.by_id, Proposal.reason, Proposal.created_at,
               Proposal.value,
               Proposal.subject_kind, Proposal.subject_id, Proposal.person_id,
               _BY.handle.label("by"), _PERSON.handle.label("person"))
        .outerjoin(Group, Group.id == Proposal.group_id)
        .outerjoin(_BY, _BY.id == Proposal.by_id)
        .outerjoin(_PERSON, _PERSON.id == Proposal.person_id)
        .where(Proposal.answered_at.is_(None),
               or_(Proposal.person_id.is_distinct_from(me), Proposal.by_id == me),
               policy.does(me, Proposal.group_id, Proposal.act))
        .order_by(Proposal.id)
    )  # fmt: skip
    return list(reading().execute(rows).all())


def objections(viewer: Viewer) -> list[Any]:
    """Return the objections that wait for the viewer, who did not act themselves."""
    me = viewer.sql_id()
    rows = _rows().where(
        policy.does(me, LogRow.group_id, LogRow.act),
        Objection.answered_at.is_(None), Objection.log_id.is_not(None),
        LogRow.by_id.is_distinct_from(me), LogRow.second_id.is_distinct_from(me),
        LogRow.person_id.is_distinct_from(me),
    )  # fmt: skip
    return list(reading().execute(rows).all())


def own(viewer: Viewer) -> list[Any]:
    """Return what was done to the viewer and their words, without who did it."""
    person_id(viewer)
    rows = _rows().where(policy.concerns(viewer.sql_id())).limit(at_most(200))
    return list(reading().execute(rows).all())


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if sought.words:
        conditions.append(
            or_(LogRow.reason.icontains(sought.words, autoescape=True),
                LogRow.message.icontains(sought.words, autoescape=True))
        )  # fmt: skip
    for column, value in (
        (LogRow.act, sought.act), (Group.slug, sought.group),
        (_BY.handle_key, fold(sought.by)), (_PERSON.handle_key, fold(sought.person)),
    ):  # fmt: skip
        if value:
            conditions.append(column == value)
    if since := _day(sought.since):
        conditions.append(LogRow.at >= since)
    if until := _day(sought.until):
        conditions.append(not_(LogRow.at >= until + timedelta(days=1)))
    return conditions


def _day(told: str) -> datetime | None:
    try:
        day = date.fromisoformat(told)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day < date(9000, 1, 1) else None


def _cell(value: Any) -> str:
    words = (
        value.isoformat() if isinstance(value, datetime) else str("" if value is None else value)
    )
    return f"'{words}" if re.match(text.FORMULA, words) else words
