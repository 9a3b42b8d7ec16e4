"""Where the marks of a chart stand: numbers for an SVG of a fixed size, without any style."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, log

WIDTH, HEIGHT = 400, 240
LEFT, RIGHT, TOP, BOTTOM = 46, 26, 12, 40

Point = tuple[float, float]


@dataclass(frozen=True)
class Tick:
    """A place on an axis, and what stands there."""

    place: float
    words: str


@dataclass(frozen=True)
class Line:
    """One line: its name, the strokes that it is made of (gaps part them), and its dots."""

    name: str
    strokes: list[str]
    dots: list[Point]


@dataclass(frozen=True)
class Bar:
    """One bar: left, top, width and height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Chart:
    """A drawing of WIDTH by HEIGHT, its baseline and its axes' ticks."""

    across: list[Tick]
    up: list[Tick]
    across_words: str
    bars: list[Bar] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Axis:
    """From the least to the most value, over some length of the drawing."""

    least: float
    most: float
    begin: float
    end: float

    def at(self, value: float) -> float:
        """Return where a value stands, to a tenth of a unit."""
        part = (value - self.least) / ((self.most - self.least) or 1)
        return round(self.begin + part * (self.end - self.begin), 1)


def bars(labels: Sequence[str], values: Sequence[int | None], across_words: str) -> Chart:
    """Return a bar for each value; what is not told has none."""
    up = _up(max((value or 0 for value in values), default=0))
    slot = (WIDTH - LEFT - RIGHT) / max(1, len(values))
    drawn = [
        Bar(
            round(LEFT + (number + 0.15) * slot, 1),
            up.at(value),
            round(0.7 * slot, 1),
            round(up.begin - up.at(value), 1),
        )
        for number, value in enumerate(values)
        if value
    ]
    across = [
        Tick(round(LEFT + (number + 0.5) * slot, 1), label) for number, label in enumerate(labels)
    ]
    return Chart(across, _ticks(up), across_words, bars=drawn)


def lines(
    series: dict[str, Sequence[tuple[float, float | None]]],
    across: Sequence[tuple[float, str]],
    up: Sequence[tuple[float, str]],
    across_words: str,
) -> Chart:
    """Return a line for each series over the given ticks; None makes a gap."""
    x = Axis(across[0][0], across[-1][0], LEFT, WIDTH - RIGHT)
    y = Axis(up[0][0], up[-1][0], HEIGHT - BOTTOM, TOP)
    return Chart(
        [Tick(x.at(value), words) for value, words in across],
        [Tick(y.at(value), words) for value, words in up],
        across_words,
        lines=[_line(name, points, x, y) for name, points in series.items()],
    )


def counts(most: float) -> list[tuple[float, str]]:
    """Return ticks from 0 to a round number at or above the most."""
    return [(value, f"{value:,.0f}") for value in _round_steps(most)]


def log_counts(most: float) -> list[tuple[float, str]]:
    """Return logarithmic ticks: powers of ten, then a round number at or above the most."""
    greatest = round(most, 6)  # the exponential of a logarithm may be a little more than it was
    unit = 10 ** (len(str(int(greatest))) - 1)
    end = ceil(greatest / unit) * unit
    apart = [10**power for power in range(12) if 2 * 10**power <= end]
    return [(log(value), f"{value:,}") for value in (*apart, end)]


def _line(name: str, points: Sequence[tuple[float, float | None]], x: Axis, y: Axis) -> Line:
    strokes, stroke, dots = list[list[str]](), list[str](), list[Point]()
    for across, up in points:
        if up is None:
            strokes, stroke = [*strokes, stroke], []
            continue
        dots.append((x.at(across), y.at(up)))
        stroke.append(f"{dots[-1][0]},{dots[-1][1]}")
    return Line(name, [" ".join(one) for one in [*strokes, stroke] if len(one) > 1], dots)


def _up(most: float) -> Axis:
    return Axis(0, _round_steps(most)[-1], HEIGHT - BOTTOM, TOP)


def _ticks(axis: Axis) -> list[Tick]:
    return [Tick(axis.at(value), words) for value, words in counts(axis.most)]


def _round_steps(most: float) -> list[float]:
    step = next(
        unit * 10**power
        for power in range(12)
        for unit in (1, 2, 2.5, 5)
        if unit * 10**power * 4 >= max(most, 4) and unit * 10**power % 1 == 0
    )
    return [float(step * number) for number in range(5)]
