"""What a drawing is made of: numbers that the table beneath it tells as well, and no others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Scale = Literal["count", "share", "log"]
Range = tuple[float, float]


@dataclass(frozen=True)
class Point:
    """A place on a line: None is not told, `interval` is what the value may be by chance."""

    x: float
    y: float | None
    interval: Range | None = None


@dataclass(frozen=True)
class LineChart:
    """Lines by their names; all count people, or are shares, or both axes are logarithmic.

    A line of `steps` stays as it is until the next point. `at_risk` says under the ticks how many
    are behind each line there.
    """

    lines: Mapping[str, Sequence[Point]]
    x_label: str
    y_label: str
    scale: Scale
    steps: bool = False
    x_scale: Scale = "count"
    at_risk: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Bar:
    """A bar, or several side by side, and the words at the end of each.

    A value that is not told is None.
    """

    label: str
    values: Sequence[int | None]
    words: Sequence[str]


@dataclass(frozen=True)
class BarChart:
    """Bars beneath each other. With several values each, `names` says what these are.

    What is not told is at most `hidden_most`, or nobody can know.
    """

    bars: Sequence[Bar]
    title: str
    hidden_most: int | None = None
    names: Sequence[str] = ()


Chart = LineChart | BarChart
