"""Numbers on top of the queue, and what came and went in the last two weeks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from sqlalchemy import ColumnElement, or_, select

from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.db import AnyRow, reading
from forum.groups.models import Group
from forum.moderation import queue_policy as policy
from forum.moderation.queue_models import QueueEntry
from forum.moderation.queue_queries import Entry

DAYS, LATELY_DAYS, ROWS_MOST = 14, 7, 20_000


@dataclass(frozen=True)
class Numbers:
    """What waits, and how long: the first claim's time is the median of the last 7 days."""

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


def numbers(viewer: Viewer, waiting: Sequence[Entry]) -> Numbers:
    """Return the numbers above the rows that the viewer sees."""
    unclaimed = [entry for entry in waiting if entry.claimed_by_id is None]
    since = clock.now() - timedelta(days=LATELY_DAYS)
    rows = _times(viewer, QueueEntry.opened_at >= since)
    claims = [row.first_claimed_at - row.opened_at for row in rows if row.first_claimed_at]
    return Numbers(
        waiting=len(waiting),
        crisis=sum(entry.urgency == policy.CRISIS for entry in waiting),
        unclaimed=len(unclaimed),
        mine=sum(entry.mine for entry in waiting),
        longest=max((entry.waited for entry in unclaimed), default=None),
        first_claim=median(claims) if claims else None,
    )


def history(viewer: Viewer) -> list[Day]:
    """Return what came and went on each of the last 14 days, oldest first."""
    today = clock.now().date()
    days = [today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
    since = datetime.combine(days[0], datetime.min.time(), clock.now().tzinfo)
    rows = _times(viewer, or_(QueueEntry.opened_at >= since, QueueEntry.resolved_at >= since))
    came = Counter(row.opened_at.date() for row in rows)
    went = Counter(row.resolved_at.date() for row in rows if row.resolved_at)
    return [Day(day, came[day], went[day]) for day in days]


def _times(viewer: Viewer, which: ColumnElement[bool]) -> Sequence[AnyRow]:
    found = (
        select(QueueEntry.opened_at, QueueEntry.first_claimed_at, QueueEntry.resolved_at)
        .outerjoin(Group, Group.id == QueueEntry.group_id)
        .where(which, policy.visible_to(viewer.sql_id()))
    )
    return reading().execute(found.limit(ROWS_MOST)).all()
