"""The names of lines, written beside them, none upon another."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from forum.research.figures.charts.chart import LineChart, Point
from forum.research.figures.charts.svg import LINE_COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME_APART = 0.09  # of the height: two lines of words


def draw(axes: "Axes", chart: LineChart) -> None:
    """Write each line's name beside its end, or beside its middle where all end together."""
    if len(chart.lines) < 2:
        return
    told = [[point for point in line if point.y is not None] for line in chart.lines.values()]
    ends = [_height(axes, line[-1]) for line in told if line]
    if all(told) and max(ends) - min(ends) < NAME_APART:
        _name_at_middle(axes, chart, told)
        return
    for number, (name, line) in enumerate(zip(chart.lines, told, strict=True)):
        if line:
            axes.annotate(
                name.replace(" ", "\n", 1),
                (1, _height(axes, line[-1])),
                (8, 0),
                xycoords="axes fraction",
                textcoords="offset points",
                color=LINE_COLOURS[number],
                va="center",
            )


def _name_at_middle(axes: "Axes", chart: LineChart, told: Sequence[Sequence[Point]]) -> None:
    """Write the names of two lines where both are halfway: one above its line, one below."""
    halfway = _between(axes, min(told, key=len))
    middles = [_nearest(axes, line, halfway) if len(line) > 2 else halfway for line in told]
    heights = [_height(axes, middle) for middle in middles]
    highest = heights.index(max(heights))
    for number, (name, line) in enumerate(chart.lines.items()):
        middle, height = middles[number], heights[number]
        above = number == highest or height < 2 * NAME_APART
        right = above == _falls(told[number]) or _begins_at(line, middle)
        axes.annotate(
            name,
            (middle.x, middle.y or 0),
            (8 if right else -8, 8 if above else -8),
            textcoords="offset points",
            color=LINE_COLOURS[number],
            ha="left" if right else "right",
            va="bottom" if above else "top",
        )


def _nearest(axes: "Axes", line: Sequence[Point], to: Point) -> Point:
    """Return the point of a line that is nearest above or below another."""
    return min(line, key=lambda point: abs(_across_page(axes, point) - _across_page(axes, to)))


def _across_page(axes: "Axes", point: Point) -> float:
    return float(axes.transData.transform((point.x, point.y or 0))[0])


def _height(axes: "Axes", point: Point) -> float:
    """Return how far up a point is, from 0 to 1."""
    shown = axes.transData.transform((point.x, point.y or 0))
    return float(axes.transAxes.inverted().transform(shown)[1])


def _between(axes: "Axes", ends: Sequence[Point]) -> Point:
    """Return the middle of a straight line, as it is drawn."""
    shown = axes.transData.transform([(point.x, point.y or 0) for point in ends])
    x, y = axes.transData.inverted().transform(shown.mean(axis=0))
    return Point(float(x), float(y))


def _begins_at(line: Sequence[Point], point: Point) -> bool:
    """Tell whether nothing is told of a line right before a point."""
    before = [one for one in line if one.x < point.x]
    return bool(before) and before[-1].y is None


def _falls(points: Sequence[Point]) -> bool:
    return (points[-1].y or 0) < (points[0].y or 0)
