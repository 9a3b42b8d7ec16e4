"""Lines with their names beside them, a band for what they may be by chance, and who is at risk."""

from collections.abc import Callable, Sequence
from math import nan
from typing import TYPE_CHECKING, Literal

from forum.activity.small_cells import FEW_MOST
from forum.core.translation import _, formats
from forum.research.figures.charts import line_names
from forum.research.figures.charts.chart import LineChart, Point
from forum.research.figures.charts.svg import COLOURS, LINE_COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

DASHES = ("-", (0, (5, 3)), (0, (1, 2)))
HATCHES = ("////", "\\\\\\\\", "....")
DOTS_MOST = 30
TICKS_MOST = 7
AT_RISK_LINE = 17


def draw(axes: "Axes", chart: LineChart) -> None:
    """Draw all lines of a chart."""
    for number, points in enumerate(chart.lines.values()):
        _line(axes, chart, points, number)
        _hatch(axes, chart, points, number)
    _scale(axes, chart)
    _across(axes, chart)
    line_names.draw(axes, chart)
    axes.set_title(chart.y_label, pad=10)
    axes.grid(visible=True, axis="y")
    axes.tick_params(length=0, pad=6)
    axes.spines["left"].set_visible(False)


def _line(axes: "Axes", chart: LineChart, points: Sequence[Point], number: int) -> None:
    colour, dashes = LINE_COLOURS[number], DASHES[number]
    x = [point.x for point in points]
    y = [nan if point.y is None else point.y for point in points]
    how = "steps-post" if chart.steps else "default"
    axes.plot(x, y, color=colour, linestyle=dashes, drawstyle=how, linewidth=2, clip_on=False)
    if len(points) <= DOTS_MOST and not chart.steps:
        axes.plot(x, y, "o", color=colour, markersize=4, clip_on=False)
    low, high = (
        [
            point.interval[side] if point.interval and point.y is not None else nan
            for point in points
        ]
        for side in (0, 1)
    )
    if any(point.interval for point in points):
        step: Literal["post"] | None = "post" if chart.steps else None
        axes.fill_between(x, low, high, step=step, color=colour, alpha=0.16, linewidth=0)


def _hatch(axes: "Axes", chart: LineChart, points: Sequence[Point], number: int) -> None:
    """Hatch where a line is not told: up to the most that it may be, where that is known."""
    top = FEW_MOST if chart.scale == "count" else 1.0
    for begin, end in _gaps(points, steps=chart.steps):
        axes.fill_between(
            [begin, end],
            0,
            top,
            facecolor="none",
            edgecolor=LINE_COLOURS[number],
            hatch=HATCHES[number],
            linewidth=0,
            alpha=0.55,
        )


def _gaps(points: Sequence[Point], *, steps: bool) -> list[tuple[float, float]]:
    """Return from where to where a line is not told."""
    found = list[tuple[float, float]]()
    for number, point in enumerate(points):
        if point.y is not None:
            continue
        before, after = points[max(0, number - 1)].x, points[min(len(points) - 1, number + 1)].x
        begin = point.x if steps else (before + point.x) / 2
        end = after if steps else (point.x + after) / 2
        if found and found[-1][1] >= begin:
            found[-1] = (found[-1][0], end)
        elif end > begin:
            found.append((begin, end))
    return found


def _scale(axes: "Axes", chart: LineChart) -> None:
    from matplotlib.ticker import MaxNLocator

    if chart.scale == "log":
        axes.set_yscale("log")
        _tick_powers(axes.yaxis)
        return
    most = axes.get_ylim()[1]
    axes.set_ylim(0, 1 if chart.scale == "share" and (chart.steps or most > 0.8) else most)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=chart.scale == "count", min_n_ticks=3))
    _write_ticks(axes.yaxis, formats.percent if chart.scale == "share" else _whole)


def _whole(value: float) -> str:
    return formats.number(round(value))


def _write_ticks(axis: "Axis", written: Callable[[float], str]) -> None:
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda value, _place: written(value)))


def _tick_powers(axis: "Axis") -> None:
    """Name powers of ten, and two and five of each where they are few."""
    from matplotlib.ticker import LogLocator, NullLocator

    low, high = axis.get_view_interval()
    between = (1, 2, 5) if high < 200 * low else (1,)
    axis.set_major_locator(LogLocator(10, between))
    _write_ticks(axis, _whole)
    axis.set_minor_locator(NullLocator())


def _across(axes: "Axes", chart: LineChart) -> None:
    x = sorted({point.x for line in chart.lines.values() for point in line})
    axes.set_xlabel(chart.x_label)
    if chart.x_scale == "log":
        axes.set_xscale("log")
        _tick_powers(axes.xaxis)
        return
    alone = 0.5 if x[0] == x[-1] else 0
    axes.set_xlim(x[0] - alone, x[-1] + alone)
    if chart.x_scale == "share":
        _write_ticks(axes.xaxis, formats.percent)
        return
    ticks = x[:: -(-len(x) // TICKS_MOST)]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    _say_who_is_at_risk(axes, chart, ticks)


def _say_who_is_at_risk(axes: "Axes", chart: LineChart, ticks: Sequence[float]) -> None:
    """Write under the axis how many are behind each line at each tick."""
    below = -3.1 * AT_RISK_LINE
    for number, (name, told) in enumerate(chart.at_risk.items()):
        colour, x = LINE_COLOURS[number], [point.x for point in chart.lines[name]]
        down = below - 2 * AT_RISK_LINE * number
        words = _("Still followed: %(line)s", line=name)
        for tick, said, align, line in (
            (x[0], words, "left", 0),
            *((tick, told[x.index(tick)], "center", 1) for tick in ticks),
        ):
            axes.annotate(
                said,
                (tick, 0),
                (0, down - line * AT_RISK_LINE),
                xycoords=axes.get_xaxis_transform(),
                textcoords="offset points",
                ha=align,
                color=COLOURS["ink"] if line else colour,
                annotation_clip=False,
            )
