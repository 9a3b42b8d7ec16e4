"""What happened in one year, counted for everybody: reports, actions, and how long they took.

Small numbers could point to people: counts under 8 are shown as "7 or fewer", the others
rounded to 5, and no sums are given from which a small one could be worked out.

A year is counted at its first request, month by month, and cached for some minutes.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, func, select

from forum.core import clock, db
from forum.core.db import current_session
from forum.core.translation import formats, lazy
from forum.moderation.actions.log_entries import LABELS, NOT_FOR_PERSON
from forum.moderation.models import AuditLogEntry
from forum.moderation.queue_items.models import QueueItem
from forum.moderation.queue_items.policy import KINDS
from forum.moderation.reports.models import Report
from forum.moderation.reports.policy import REASONS
from forum.moderation.transparency import waits
from forum.moderation.transparency.counting import (
    SHOWN_FROM,
    in_months,
    minutes_between,
    percentile,
    rounded,
)

CACHED_FOR_S = 600.0
FEW = lazy("%(most)s or fewer", most=SHOWN_FROM - 1)
ACTIONS = {name: words for name, words in LABELS.items() if name not in NOT_FOR_PERSON}


@dataclass(frozen=True)
class HandlingTimes:
    """How long one kind of entry took: half, and nine in ten, were done within these times."""

    kind: str
    count: int | None
    claim_half: timedelta | None
    claim_most: timedelta | None
    resolve_half: timedelta | None
    resolve_most: timedelta | None


@dataclass(frozen=True)
class YearCounts:
    """The counts of one year."""

    year: int
    reports: list[tuple[str, int | None]]
    actions: list[tuple[str, int | None]]
    times: list[HandlingTimes]
    waits: list[waits.Waits]


def in_words(count: int | None) -> str:
    """Return a rounded count in the reader's language."""
    return str(FEW) if count is None else formats.number(count)


def years() -> list[int]:
    """Return the years that can be shown, this one first."""
    first = current_session().scalar(select(func.min(QueueItem.opened_at)))
    this = clock.now().year
    return list(range(this, (first.year if first else this) - 1, -1))


def choose_year(asked: str) -> int:
    """Return the year that was asked for, if there is anything to show of it; else this year."""
    shown = years()
    return next((year for year in shown if str(year) == asked), shown[0])


@dataclass(frozen=True)
class _Cached:
    counts: YearCounts
    engine: Engine
    until: float


_cache: dict[int, _Cached] = {}
_counting = threading.Lock()


def counts_of(year: int) -> YearCounts:
    """Return what happened in a year, counted at most ten minutes ago."""
    with _counting:
        kept = _cache.get(year)
        if kept is None or kept.until < time.monotonic() or kept.engine is not db.engine():
            kept = _cache[year] = _Cached(
                _count(year), db.engine(), time.monotonic() + CACHED_FOR_S
            )
    return kept.counts


def _count(year: int) -> YearCounts:
    opened = QueueItem.opened_at
    by_reason = in_months(year, select(Report.reason), Report.created_at)
    by_act = in_months(year, select(AuditLogEntry.action), AuditLogEntry.at)
    claims, ends = (
        in_months(year, select(QueueItem.kind, minutes_between(opened, moment)), opened)
        for moment in (QueueItem.first_claimed_at, QueueItem.resolved_at)
    )
    return YearCounts(
        year,
        [(words, rounded(by_reason[reason,])) for reason, words in REASONS.items()],
        [(words, rounded(by_act[action,])) for action, words in ACTIONS.items()],
        [_times(words, _of(kind, claims), _of(kind, ends)) for kind, words in KINDS.items()],
        [*waits.for_first_human(year), *waits.for_first_answer(year)],
    )


def _times(
    words: str, claims: Mapping[int | None, int], ends: Mapping[int | None, int]
) -> HandlingTimes:
    claimed, ended = (
        {length: count for length, count in each.items() if length is not None}
        for each in (claims, ends)
    )
    return HandlingTimes(
        words,
        rounded(sum(claims.values())),
        percentile(claimed, 0.5),
        percentile(claimed, 0.9),
        percentile(ended, 0.5),
        percentile(ended, 0.9),
    )


def _of(kind: str, counted: Mapping[tuple[Any, ...], int]) -> dict[int | None, int]:
    return {minutes: count for (of, minutes), count in counted.items() if of == kind}
