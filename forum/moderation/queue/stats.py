"""Numbers on top of the queue, and what came and went in the last two weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.db import AnyRow, at_most, reading
from forum.groups.models import Group
from forum.moderation.queue import policy
from forum.moderation.queue.models import QueueEntry

DAYS, LATELY_DAYS, CLAIMS_MOST = 14, 7, 1_000


@dataclass(frozen=True)
class Numbers:
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
    """What came to the queue and what left it on one day, in UTC."""

    day: date
    came: int
    went: int


def numbers(viewer: Viewer) -> Numbers:
    """Return how much waits for the viewer and colleagues, however long the list is."""
    now = clock.now()
    nobodys = QueueEntry.claimed_by_id.is_(None)
    waiting = reading().execute(_waiting(viewer).add_columns(
        func.count().filter(policy.urgency_at(now) == policy.CRISIS).label("crisis"),
        func.count().filter(nobodys).label("unclaimed"),
        func.count().filter(QueueEntry.claimed_by_id == viewer.sql_id()).label("mine"),
        func.min(QueueEntry.opened_at).filter(nobodys).label("oldest"),
    )).one()  # fmt: skip
    rows = _claimed(viewer, now - timedelta(days=LATELY_DAYS))
    claims = [row.first_claimed_at - row.opened_at for row in rows]
    return Numbers(
        waiting=waiting.all,
        crisis=waiting.crisis,
        unclaimed=waiting.unclaimed,
        mine=waiting.mine,
        longest=now - waiting.oldest if waiting.oldest else None,
        first_claim=median(claims) if claims else None,
    )


def history(viewer: Viewer) -> list[Day]:
    """Return what came and went on each of the last 14 days, oldest first."""
    today = clock.now().date()
    days = [today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
    since = datetime.combine(days[0], datetime.min.time(), clock.now().tzinfo)
    came, went = (
        _by_day(viewer, moment, since) for moment in (QueueEntry.opened_at, QueueEntry.resolved_at)
    )
    return [Day(day, came.get(str(day), 0), went.get(str(day), 0)) for day in days]


def _waiting(viewer: Viewer) -> Select[int]:
    return (
        select(func.count().label("all"))
        .select_from(QueueEntry)
        .outerjoin(Group, Group.id == QueueEntry.group_id)
        .where(QueueEntry.resolved_at.is_(None), policy.visible_to(viewer.sql_id()))
    )


def _claimed(viewer: Viewer, since: datetime) -> Sequence[AnyRow]:
    found = (
        select(QueueEntry.opened_at, QueueEntry.first_claimed_at)
        .outerjoin(Group, Group.id == QueueEntry.group_id)
        .where(
            QueueEntry.opened_at >= since, QueueEntry.first_claimed_at.is_not(None),
            policy.visible_to(viewer.sql_id()),
        )
        .order_by(QueueEntry.opened_at.desc())
        .limit(at_most(CLAIMS_MOST))
    )  # fmt: skip
    return reading().execute(found).all()


def _by_day(viewer: Viewer, moment: InstrumentedAttribute[Any], since: datetime) -> dict[str, int]:
    """Return how many entries there are by the day of this moment, in UTC, as both databases do."""
    day = func.date(moment)
    found = (
        select(day, func.count())
        .select_from(QueueEntry)
        .outerjoin(Group, Group.id == QueueEntry.group_id)
        .where(moment >= since, policy.visible_to(viewer.sql_id()))
        .group_by(day)
    )
    return {str(each): count for each, count in reading().execute(found)}
