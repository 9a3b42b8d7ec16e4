"""Secret addresses of calendars: made, given a new one, revoked, and read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, or_, select

from forum.accounts.policy import Viewer, ViewerId, member_id, person_id
from forum.core import clock, ids
from forum.core.db import AnyRow, current_session, transaction
from forum.core.errors import Gone, NotFound
from forum.core.translation import lazy
from forum.groups import queries as group_queries
from forum.groups.models import Group
from forum.meetings import policy
from forum.meetings.calendars.models import Calendar
from forum.meetings.models import CANCELLED, Meeting, Series

PAST_INCLUDED = timedelta(days=60)
GONE = lazy("This calendar no longer exists. You can get a new address on the page “Calendars”.")


@dataclass(frozen=True)
class CalendarFeed:
    """What one calendar holds at this moment: the name of its only group, if it has one only.

    `meetings` are those that may differ from their series: cancelled, or of one that was changed.
    """

    group_name: str | None
    series: list[Series]
    meetings: Sequence[Any]


def create_calendar(viewer: Viewer, group_id: int | None = None) -> str:
    """Return the token of a new calendar of one's own, kept nowhere; an older one ends.

    Raises LoginNeeded, NotFound, Forbidden.
    """
    account_id = member_id(viewer)
    token = ids.token()
    with transaction() as session:
        if group_id is not None:
            group = group_queries.group_by_id(viewer, group_id)
            if not group.belongs:
                raise NotFound
        session.execute(
            delete(Calendar).where(
                Calendar.account_id == account_id, Calendar.group_id.is_not_distinct_from(group_id)
            )
        )
        session.add(
            Calendar(
                account_id=account_id,
                group_id=group_id,
                digest=ids.digest(token),
                created_at=clock.now(),
            )
        )
    return token


def revoke_calendar(viewer: Viewer, calendar_id: int) -> None:
    """End a calendar of one's own. Raises LoginNeeded, and NotFound for anybody else's."""
    account_id = person_id(viewer)
    with transaction() as session:
        ended = session.execute(
            delete(Calendar)
            .where(Calendar.id == calendar_id, Calendar.account_id == account_id)
            .returning(Calendar.id)
        ).first()
        if ended is None:
            raise NotFound


def read_feed(token: str) -> CalendarFeed:
    """Return what a calendar holds for its owner now, group by group as they belong.

    Raises Gone for a token that is not known, and for a group that its owner no longer has.
    """
    found = current_session().scalar(select(Calendar).where(Calendar.digest == ids.digest(token)))
    if found is None:
        raise Gone(GONE)
    mine: ViewerId = bindparam(None, found.account_id)
    of_group = [] if found.group_id is None else [Group.id == found.group_id]
    name = current_session().scalar(
        select(Group.name).where(policy.is_in_calendar_of(mine), *of_group).limit(1)
    )
    if name is None and of_group:
        raise Gone(GONE)
    return CalendarFeed(
        name if of_group else None, _series(mine, *of_group), _meetings(mine, *of_group)
    )


def _series(mine: ViewerId, *of_group: ColumnElement[bool]) -> list[Series]:
    shown = (
        select(Series)
        .join(Group, Group.id == Series.group_id)
        .where(policy.is_in_calendar_of(mine), *of_group)
        .order_by(Series.id)
    )
    return list(current_session().scalars(shown))


def _meetings(mine: ViewerId, *of_group: ColumnElement[bool]) -> Sequence[AnyRow]:
    shown = (
        select(
            Meeting.id,
            Meeting.series_id,
            Meeting.title,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.zone,
            Meeting.state,
        )
        .join(Group, Group.id == Meeting.group_id)
        .join(Series, Series.id == Meeting.series_id)
        .where(
            policy.is_in_calendar_of(mine),
            *of_group,
            Meeting.ends_at > clock.now() - PAST_INCLUDED,
            or_(Meeting.state == CANCELLED, Series.revision > 0),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return current_session().execute(shown).all()
