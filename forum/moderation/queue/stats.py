"""QueueStats on top of the queue, and what came and went in the last two weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.db import AnyRow, at_most, current_session
from forum.groups.models import Group
from forum.moderation.queue_items import policy
from forum.moderation.queue_items.models import QueueItem

DAYS, WAIT_DAYS, CLAIMS_MOST = 14, 7, 1_000


@dataclass(frozen=True)
class QueueStats:
    """What waits, and how long: the first claim's time is the median of the last 7 days, or of the
    last thousand claims.
    """

    waiting: int
    crisis: int
    unclaimed: int
    mine: int
    longest: timedelta | None
    first_claim: timedelta | None


@dataclass(frozen=True)
class Day:
    """What came to the queue and what was resolved on one day, in UTC."""

    day: date
    opened: int
    resolved: int


def stats(viewer: Viewer) -> QueueStats:
    """Return how much waits for the viewer and colleagues, however long the list is."""
    now = clock.now()
    nobodys = QueueItem.claimed_by_id.is_(None)
    waiting = (
        current_session()
        .execute(
            _waiting(viewer).add_columns(
                func.count().filter(policy.urgency_at(now) == policy.CRISIS).label("crisis"),
                func.count().filter(nobodys).label("unclaimed"),
                func.count().filter(QueueItem.claimed_by_id == viewer.sql_id()).label("mine"),
                func.min(QueueItem.opened_at).filter(nobodys).label("oldest"),
            )
        )
        .one()
    )
    rows = _recently_claimed(viewer, now - timedelta(days=WAIT_DAYS))
    claims = [row.first_claimed_at - row.opened_at for row in rows]
    return QueueStats(
        waiting=waiting.all,
        crisis=waiting.crisis,
        unclaimed=waiting.unclaimed,
        mine=waiting.mine,
        longest=now - waiting.oldest if waiting.oldest else None,
        first_claim=median(claims) if claims else None,
    )


def count_waiting(viewer: Viewer, most: int = 101, *, only_crises: bool = False) -> int:
    """Return how many items wait for the viewer and colleagues, `most` and no more."""
    some = (
        select(QueueItem.id)
        .outerjoin(Group, Group.id == QueueItem.group_id)
        .where(QueueItem.resolved_at.is_(None), policy.visible_to(viewer.sql_id()))
        .limit(at_most(most))
    )
    if only_crises:
        some = some.where(QueueItem.urgency == policy.CRISIS)
    return current_session().scalar(select(func.count()).select_from(some.subquery())) or 0


def daily_history(viewer: Viewer) -> list[Day]:
    """Return what came and went on each of the last 14 days, oldest first."""
    today = clock.now().date()
    days = [today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
    since = datetime.combine(days[0], datetime.min.time(), clock.now().tzinfo)
    opened, resolved = (
        _by_day(viewer, moment, since) for moment in (QueueItem.opened_at, QueueItem.resolved_at)
    )
    return [Day(day, opened.get(str(day), 0), resolved.get(str(day), 0)) for day in days]


def _waiting(viewer: Viewer) -> Select[int]:
    return (
        select(func.count().label("all"))
        .select_from(QueueItem)
        .outerjoin(Group, Group.id == QueueItem.group_id)
        .where(QueueItem.resolved_at.is_(None), policy.visible_to(viewer.sql_id()))
    )


def _recently_claimed(viewer: Viewer, since: datetime) -> Sequence[AnyRow]:
    found = (
        select(QueueItem.opened_at, QueueItem.first_claimed_at)
        .outerjoin(Group, Group.id == QueueItem.group_id)
        .where(
            QueueItem.opened_at >= since,
            QueueItem.first_claimed_at.is_not(None),
            policy.visible_to(viewer.sql_id()),
        )
        .order_by(QueueItem.opened_at.desc())
        .limit(at_most(CLAIMS_MOST))
    )
    return current_session().execute(found).all()


def _by_day(viewer: Viewer, moment: InstrumentedAttribute[Any], since: datetime) -> dict[str, int]:
    """Return how many items there are by the day of this moment, in UTC, as both databases do."""
    day = func.date(moment)
    found = (
        select(day, func.count())
        .select_from(QueueItem)
        .outerjoin(Group, Group.id == QueueItem.group_id)
        .where(moment >= since, policy.visible_to(viewer.sql_id()))
        .group_by(day)
    )
    return {str(each): count for each, count in current_session().execute(found)}
