"""What happened in one year, counted for everybody: reports, acts, and how long they took.

Small numbers could point to people: counts under 8 are told as "7 or fewer", the others rounded
to 5, and no sums are given from which a small one could be worked out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from sqlalchemy import Select, func, select

from forum.core import clock
from forum.core.db import AnyRow, reading
from forum.moderation.models import LogRow
from forum.moderation.policy import AMONG_US, DONE
from forum.moderation.queue_models import QueueEntry, Report
from forum.moderation.queue_policy import KINDS, REASONS

LEAST_SHOWN, STEP = 8, 5
ROWS_MOST = 200_000
FEW = f"{LEAST_SHOWN - 1} or fewer"
ACTS = {name: words for name, words in DONE.items() if name not in AMONG_US}


@dataclass(frozen=True)
class Times:
    """How long one kind of entry took: half, and nine in ten, were done within these times."""

    kind: str
    count: str
    claim_half: timedelta | None
    claim_most: timedelta | None
    resolve_half: timedelta | None
    resolve_most: timedelta | None


@dataclass(frozen=True)
class Year:
    """The counts of one year."""

    year: int
    reports: list[tuple[str, str]]
    acts: list[tuple[str, str]]
    times: list[Times]


def told(count: int) -> str:
    """Return a count as it may be told."""
    return FEW if count < LEAST_SHOWN else f"{round(count / STEP) * STEP:,}"


def years() -> list[int]:
    """Return the years that can be shown, this one first."""
    first = reading().scalar(select(func.min(QueueEntry.opened_at)))
    this = clock.now().year
    return list(range(this, (first.year if first else this) - 1, -1))


def year_of(asked: str) -> int:
    """Return the year that was asked for, if there is anything to show of it; else this year."""
    shown = years()
    return next((year for year in shown if str(year) == asked), shown[0])


def counts(year: int) -> Year:
    """Return what happened in a year."""
    start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    by_reason = _counted(
        select(Report.reason, func.count())
        .where(Report.created_at >= start, Report.created_at < end)
        .group_by(Report.reason)
    )
    by_act = _counted(
        select(LogRow.act, func.count())
        .where(LogRow.at >= start, LogRow.at < end)
        .group_by(LogRow.act)
    )
    rows = reading().execute(
        select(
            QueueEntry.kind, QueueEntry.opened_at, QueueEntry.first_claimed_at,
            QueueEntry.resolved_at,
        )
        .where(QueueEntry.opened_at >= start, QueueEntry.opened_at < end)
        .limit(ROWS_MOST)
    ).all()  # fmt: skip
    return Year(
        year,
        [(words, told(by_reason.get(reason, 0))) for reason, words in REASONS.items()],
        [(words, told(by_act.get(act, 0))) for act, words in ACTS.items()],
        [_times(words, [row for row in rows if row.kind == kind]) for kind, words in KINDS.items()],
    )


def percentile(spans: Sequence[timedelta], share: float) -> timedelta | None:
    """Return the shortest span within which this share of them lies, in whole minutes.

    None when there are too few to tell.
    """
    if len(spans) < LEAST_SHOWN:
        return None
    span = sorted(spans)[ceil(share * len(spans)) - 1]
    return timedelta(minutes=ceil(span / timedelta(minutes=1)))


def _times(words: str, rows: Sequence[AnyRow]) -> Times:
    claims = [row.first_claimed_at - row.opened_at for row in rows if row.first_claimed_at]
    ends = [row.resolved_at - row.opened_at for row in rows if row.resolved_at]
    return Times(
        words, told(len(rows)),
        percentile(claims, 0.5), percentile(claims, 0.9),
        percentile(ends, 0.5), percentile(ends, 0.9),
    )  # fmt: skip


def _counted(statement: Select[str, int]) -> dict[str, int]:
    return {name: count for name, count in reading().execute(statement).all()}  # noqa: C416
