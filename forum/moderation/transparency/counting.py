"""Counting the rows of a year by the database, and keeping small numbers to ourselves."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, cast, extract, func
from sqlalchemy.orm import InstrumentedAttribute

from forum.core.cooperative_yielding import give_way
from forum.core.db import current_session

SHOWN_FROM, STEP = 8, 5
MONTHS = 12


def rounded(count: int) -> int | None:
    """Return a count as it may be shown, None for one too small to be."""
    return None if count < SHOWN_FROM else round(count / STEP) * STEP


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


def minutes_between(
    start: ColumnElement[Any] | InstrumentedAttribute[datetime],
    end: ColumnElement[Any] | InstrumentedAttribute[datetime | None],
) -> ColumnElement[int]:
    """Return the minutes from one moment to another, begun ones counted in full."""
    seconds = extract("epoch", end) - extract("epoch", start)
    return cast(func.ceil(seconds / 60.0), Integer)


def in_months(
    year: int,
    what: Select[*tuple[Any, ...]],
    moment: ColumnElement[Any] | InstrumentedAttribute[datetime],
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
