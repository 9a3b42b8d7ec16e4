"""Reads about somebody's own calendars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, bindparam, select

from forum.core.db import current_session
from forum.core.text.alphabets import letters
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.meetings.calendars.models import Calendar


@dataclass(frozen=True)
class CalendarView:
    """A calendar of somebody's own; of all their groups when `group_name` is None."""

    id: int
    group_id: int | None
    group_name: str | None
    created_at: datetime


_ME = bindparam("viewer_id", type_=Integer)


def calendars_of(account_id: int) -> list[CalendarView]:
    """Return somebody's calendars, the one of all groups first."""
    rows = current_session().execute(
        select(Calendar.id, Calendar.group_id, Group.name.label("group_name"), Calendar.created_at)
        .outerjoin(Group, Group.id == Calendar.group_id)
        .where(Calendar.account_id == account_id)
        .order_by(Calendar.group_id.is_not(None), Calendar.id)
    )
    return sorted(
        (CalendarView(**row._mapping) for row in rows),
        key=lambda one: letters.sort_key(one.group_name or ""),
    )


def groups_of(account_id: int) -> Sequence[tuple[int, str]]:
    """Return id and name of the groups that somebody belongs to, by name."""
    mine = select(Group.id, Group.name).where(groups.belongs(_ME)).order_by(Group.id)
    rows = current_session().execute(mine, {"viewer_id": account_id})
    return [(row.id, row.name) for row in letters.in_order(rows)]
