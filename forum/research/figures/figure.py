"""What a figure of a researcher's page is, and what all of them share."""

from collections.abc import Iterable
from dataclasses import dataclass

from forum.activity.measures.study_record import Record
from forum.activity.small_cells import FEW_MOST
from forum.core.translation import formats, lazy
from forum.research.figures.charts.chart import Bar, BarChart, Chart


@dataclass(frozen=True)
class Figure:
    """One figure: what it shows in a sentence or two, the drawing, and its table."""

    name: str
    title: str
    summary: str
    chart: Chart | None
    columns: list[str]
    rows: list[list[str]]


TO = "\N{EN DASH}"
TOO_FEW = lazy("Too few people to show this.")
HIDDEN = lazy("hidden")
FEW = lazy("%(most)s or fewer", most=FEW_MOST)
FEW_ON_EITHER_SIDE = lazy("%(most)s or fewer, or all but %(most)s or fewer", most=FEW_MOST)


def count_bars(title: str, told: Iterable[tuple[str, int | None]]) -> BarChart:
    """Return bars of told counts, each with its number at its end."""
    bars = [Bar(str(label), [count], [in_words(count)]) for label, count in told]
    return BarChart(bars, title, hidden_most=FEW_MOST)


def in_words(count: int | None) -> str:
    """Return what a published count looks like."""
    return str(FEW) if count is None else formats.number(count)


def both_sides_in_words(count: int | None) -> str:
    """Return the same of a count that is hidden where few people are not in it, too."""
    return str(FEW_ON_EITHER_SIDE) if count is None else in_words(count)


def share_in_words(share: float | None) -> str:
    """Return what a told share looks like."""
    return str(HIDDEN) if share is None else formats.percent(share)


def people(record: Record) -> int:
    """Return how many people a record looks at."""
    return int(record.row("SELECT count(*) FROM people")[0])


def banded(record: Record, column: str, bands: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return how many people lie in each band of a column of the totals.

    A band is its words and its lowest value; it ends where the next begins.
    """
    lows = [low for _, low in bands]
    found = dict.fromkeys(lows, 0)
    for value, count in record.base.execute(
        f"SELECT {column}, count(*) FROM totals GROUP BY ALL"  # noqa: S608
    ).fetchall():
        found[max(low for low in lows if low <= value)] += int(count)
    return [(words, found[low]) for words, low in bands]
