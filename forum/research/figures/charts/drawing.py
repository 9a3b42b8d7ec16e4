"""Draws a chart with Matplotlib, which only the worker loads, once there is one to draw."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forum.research.figures.charts import svg
from forum.research.figures.charts.chart import BarChart, Chart, LineChart

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT, BAR_HEIGHT, PAIR_HEIGHT, FRAME = 400, 270, 30, 46, 40
TEXT = 13.5  # for the narrowest screens; style sheets make it smaller where there is room
AT_RISK_LINE = 17
INCH = 72
SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "figure",
    "font.size": TEXT,
    "font.family": "DejaVu Sans",
    "text.color": svg.COLOURS["ink"],
    "axes.edgecolor": svg.COLOURS["line-strong"],
    "axes.labelcolor": svg.COLOURS["ink-soft"],
    "axes.labelsize": TEXT,
    "xtick.color": svg.COLOURS["ink-soft"],
    "ytick.color": svg.COLOURS["ink-soft"],
    "xtick.labelsize": TEXT,
    "ytick.labelsize": TEXT,
    "grid.color": svg.COLOURS["line"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.titlelocation": "left",
    "axes.titlesize": TEXT,
    "axes.titlecolor": svg.COLOURS["ink-soft"],
    "hatch.linewidth": 1.0,
}


@dataclass(frozen=True)
class Drawing:
    """What is inside an SVG of this size, and whether it is hatched where something is not told."""

    inside: str
    width: int
    height: int
    hatched: bool


def draw(chart: Chart, name: str) -> Drawing:
    """Draw a chart; all its ids begin with the name."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    from forum.research.figures.charts import bars, lines

    height = _height(chart)
    with mpl.rc_context(SETTINGS):
        figure = Figure((WIDTH / INCH, height / INCH), dpi=INCH, layout="constrained")
        axes = figure.add_subplot()
        if isinstance(chart, BarChart):
            bars.draw(axes, chart)
        else:
            lines.draw(axes, chart)
        inside = svg.clean(_written(figure), name)
        return Drawing(inside, WIDTH, height, hatched="<pattern" in inside)


def _height(chart: Chart) -> int:
    if isinstance(chart, LineChart):
        return HEIGHT + 2 * AT_RISK_LINE * len(chart.at_risk)
    each = PAIR_HEIGHT if chart.names else BAR_HEIGHT
    return FRAME + (36 if chart.names else 0) + each * len(chart.bars)


def _written(figure: "Figure") -> str:
    """Place everything, then write: `savefig` would draw all once more to have it placed."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    FigureCanvasSVG(figure)  # which measures words as they will be written
    if layout := figure.get_layout_engine():
        layout.execute(figure)
        figure.set_layout_engine("none")
    written = io.StringIO()
    figure.savefig(written, format="svg", transparent=True, metadata={"Date": None})
    return written.getvalue()
