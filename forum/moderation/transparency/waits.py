"""How long people wait: for somebody in a crisis, and for a first answer to what they began.

Who still waits counts among all, so a share of people that nobody has answered is told as such.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, not_, or_, select
from sqlalchemy.orm import aliased

from forum.accounts.policy import row_exists
from forum.core.translation import lazy
from forum.moderation.crisis_calls.models import CrisisAcknowledgement, CrisisCall
from forum.moderation.queue_items.models import QueueItem
from forum.moderation.transparency.counting import (
    in_months,
    minutes_between,
    percentile,
    rounded,
)
from forum.threads import policy as threads
from forum.threads.models import Post, Thread

_STILL_WAITING = 1_000_000_000  # minutes: longer than anybody has waited
NOT_YET = timedelta(minutes=_STILL_WAITING)  # where the share reaches those who still wait
STAFFED = lazy("A moderator after a crisis alert, while someone was on call")
UNSTAFFED = lazy("A moderator after a crisis alert, while nobody was on call")
FIRST_THREADS = lazy("A first reply to someone's first thread")
OTHER_THREADS = lazy("A first reply to later threads")


@dataclass(frozen=True)
class Waits:
    """How long people waited for something: half of them, and 95 in 100, within these times."""

    what: str
    count: int | None
    waiting: int | None
    half: timedelta | None
    most: timedelta | None


def for_first_human(year: int) -> list[Waits]:
    """Return how long it took until somebody was there for a crisis alert, staffed and not."""
    counted = in_months(year, select(_ALERTS.c.staffed, _UNTIL_THERE), _ALERTS.c.started_at)
    return [
        _waits(words, _of(staffed, counted))
        for staffed, words in ((True, STAFFED), (False, UNSTAFFED))
    ]


def for_first_answer(year: int) -> list[Waits]:
    """Return how long it took until somebody else had replied, for first threads and others."""
    counted = in_months(year, select(_THREADS.c.is_first, _UNTIL_REPLY), _THREADS.c.created_at)
    return [
        _waits(words, _of(is_first, counted))
        for is_first, words in ((True, FIRST_THREADS), (False, OTHER_THREADS))
    ]


def _waits(words: str, minutes: Mapping[int | None, int]) -> Waits:
    """Tell of waits by their length in minutes; None stands for those that go on."""
    lengths: Counter[int] = Counter()
    for length, count in minutes.items():
        lengths[_STILL_WAITING if length is None else max(length, 0)] += count
    return Waits(
        words,
        rounded(lengths.total()),
        rounded(lengths[_STILL_WAITING]),
        _within(lengths, 0.5),
        _within(lengths, 0.95),
    )


def _within(lengths: Counter[int], share: float) -> timedelta | None:
    """Return what a share waited at most; a time only where enough of them wait no longer."""
    found = percentile(lengths, share)
    known = rounded(lengths.total() - lengths[_STILL_WAITING])
    return None if known is None and found != NOT_YET else found


def _of(group: bool, counted: Mapping[tuple[Any, ...], int]) -> dict[int | None, int]:
    return {minutes: count for (of, minutes), count in counted.items() if bool(of) == group}


def _earlier(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the earlier of two moments, of which either may be missing."""
    return case((or_(one.is_(None), other < one), other), else_=one)


_there, _before = CrisisAcknowledgement, aliased(CrisisCall)
# What an alert began with; people may be called to it again later.
_ALERTS = (
    select(
        CrisisCall.staffed,
        CrisisCall.started_at,
        case(
            (QueueItem.first_claimed_at >= CrisisCall.started_at, QueueItem.first_claimed_at)
        ).label("claimed_at"),
        case((QueueItem.resolved_by_id.is_not(None), QueueItem.resolved_at)).label("resolved_at"),
        select(func.min(_there.at))
        .where(_there.item_id == CrisisCall.item_id, _there.at >= CrisisCall.started_at)
        .scalar_subquery()
        .label("there_at"),
    )
    .join(QueueItem, QueueItem.id == CrisisCall.item_id)
    .where(
        not_(row_exists(_before, _before.item_id == CrisisCall.item_id, _before.id < CrisisCall.id))
    )
    .subquery()
)
_UNTIL_THERE = minutes_between(
    _ALERTS.c.started_at,
    _earlier(_earlier(_ALERTS.c.there_at, _ALERTS.c.claimed_at), _ALERTS.c.resolved_at),
)
_first, _reply, _earlier_thread = aliased(Post), aliased(Post), aliased(Thread)
_THREADS = (
    select(
        not_(
            row_exists(
                _earlier_thread,
                _earlier_thread.author_id == Thread.author_id,
                _earlier_thread.id < Thread.id,
            )
        ).label("is_first"),
        Thread.created_at,
        select(func.min(_reply.created_at))
        .where(
            _reply.thread_id == Thread.id,
            _reply.number > 1,
            _reply.author_id.is_distinct_from(Thread.author_id),
            threads.is_published(_reply),
        )
        .scalar_subquery()
        .label("answered_at"),
    )
    .where(
        Thread.author_id.is_not(None),
        Thread.is_introductions.is_(False),
        row_exists(
            _first,
            _first.thread_id == Thread.id,
            _first.number == 1,
            threads.is_published(_first),
        ),
    )
    .subquery()
)
_UNTIL_REPLY = minutes_between(_THREADS.c.created_at, _THREADS.c.answered_at)
