"""Bars beneath each other: their labels need room on a phone."""

from typing import TYPE_CHECKING

from forum.research.figures.charts.chart import BarChart
from forum.research.figures.charts.svg import LINE_COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

THICK = 0.7
HATCHES = ("////", "\\\\\\\\")
ROOM = 1.3  # for the words at the end of the longest bar


def draw(axes: "Axes", chart: BarChart) -> None:
    """Draw each bar with its number at its end; what is not told is hatched."""
    told = [value for bar in chart.bars for value in bar.values if value is not None]
    most = max([*told, chart.hidden_most or 0, 1])
    for place, bar in enumerate(chart.bars):
        thick = THICK / len(bar.values)
        for number, (value, words) in enumerate(zip(bar.values, bar.words, strict=True)):
            at = place + (number - (len(bar.values) - 1) / 2) * thick
            end = _draw_one(axes, chart, value, at, thick * 0.92, number, most)
            axes.annotate(
                words, (end, at), (5, 0), textcoords="offset points", va="center_baseline"
            )
    axes.set_yticks(range(len(chart.bars)), [bar.label for bar in chart.bars])
    axes.set_ylim(len(chart.bars) - 0.5, -0.5)
    axes.set_xlim(0, most * ROOM)
    axes.set_xticks([])
    axes.set_title(chart.title, pad=34 if chart.names else 8)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(length=0, pad=6)
    if chart.names:
        _name(axes, chart)


def _draw_one(
    axes: "Axes",
    chart: BarChart,
    value: int | None,
    at: float,
    thick: float,
    number: int,
    most: int,
) -> float:
    """Draw one bar and return where it ends."""
    if value is not None:
        axes.barh(at, value, thick, color=LINE_COLOURS[number])
        return value
    length = most if chart.hidden_most is None else max(chart.hidden_most, most * 0.05)
    axes.barh(
        at,
        length,
        thick,
        facecolor="none",
        edgecolor=LINE_COLOURS[number],
        hatch=HATCHES[number],
        linewidth=1,
    )
    return length


def _name(axes: "Axes", chart: BarChart) -> None:
    """Say above the bars which is which."""
    from matplotlib.patches import Patch

    named = zip(LINE_COLOURS, chart.names, strict=False)
    keys = [Patch(color=colour, label=name) for colour, name in named]
    axes.legend(
        handles=keys,
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=len(keys),
        frameon=False,
        borderaxespad=0.3,
        handlelength=1,
        columnspacing=1.2,
    )
