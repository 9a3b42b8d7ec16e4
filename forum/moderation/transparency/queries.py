"""What happened in one year, counted for everybody: reports, actions, and how long they took.

Small numbers could point to people: counts under 8 are shown as "7 or fewer", the others
rounded to 5, and no sums are given from which a small one could be worked out.

A year is counted at its first request, month by month, and cached for some minutes.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, Engine, Integer, Select, cast, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute

from forum.core import clock, db
from forum.core.cooperative_yielding import give_way
from forum.core.db import current_session
from forum.core.translation import formats, lazy
from forum.moderation.actions.log_entries import LABELS, NOT_FOR_PERSON
from forum.moderation.models import AuditLogEntry
from forum.moderation.queue_items.models import QueueItem
from forum.moderation.queue_items.policy import KINDS
from forum.moderation.reports.models import Report
from forum.moderation.reports.policy import REASONS

SHOWN_FROM, STEP = 8, 5
CACHED_FOR_S = 600.0
FEW = lazy("%(most)s or fewer", most=SHOWN_FROM - 1)
MONTHS = 12
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


def rounded(count: int) -> int | None:
    """Return a count as it may be shown, None for one too small to be."""
    return None if count < SHOWN_FROM else round(count / STEP) * STEP


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
    by_reason = _in_months(year, select(Report.reason), Report.created_at)
    by_act = _in_months(year, select(AuditLogEntry.action), AuditLogEntry.at)
    claims, ends = (
        _in_months(year, select(QueueItem.kind, _minutes_until(moment)), QueueItem.opened_at)
        for moment in (QueueItem.first_claimed_at, QueueItem.resolved_at)
    )
    return YearCounts(
        year,
        [(words, rounded(by_reason[reason,])) for reason, words in REASONS.items()],
        [(words, rounded(by_act[action,])) for action, words in ACTIONS.items()],
        [_times(words, _of(kind, claims), _of(kind, ends)) for kind, words in KINDS.items()],
    )


def percentile(minutes: Mapping[int, int], share: float) -> timedelta | None:
    """Return the shortest span within which this share of them lies, in whole minutes.

    `minutes` says how many spans there are of each length. None when there are too few to tell.
    """
    left = ceil(share * sum(minutes.values()))
    if sum(minutes.values()) < SHOWN_FROM:
        return None
    for length in sorted(minutes):
        left -= minutes[length]
        if left <= 0:
            break
    return timedelta(minutes=length)


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


def _minutes_until(moment: InstrumentedAttribute[datetime | None]) -> ColumnElement[int]:
    seconds = extract("epoch", moment) - extract("epoch", QueueItem.opened_at)
    return cast(func.ceil(seconds / 60.0), Integer)


def _in_months(
    year: int, what: Select[*tuple[Any, ...]], moment: InstrumentedAttribute[datetime]
) -> Counter[tuple[Any, ...]]:
    """Return how often there is each of these in a year; others go on after each month."""
    counted: Counter[tuple[Any, ...]] = Counter()
    for start, end in _months(year):
        rows = what.add_columns(func.count()).where(moment >= start, moment < end)
        for *each, count in current_session().execute(rows.group_by(*what.selected_columns)):
            counted[tuple(each)] += count
        give_way()
    return counted


def _months(year: int) -> Iterator[tuple[datetime, datetime]]:
    starts = [datetime(year, month, 1, tzinfo=UTC) for month in range(1, MONTHS + 1)]
    return zip(starts, [*starts[1:], datetime(year + 1, 1, 1, tzinfo=UTC)], strict=True)
