"""What a measure is: a name, a version, a unit, a source, a definition, and how it is computed."""

from collections.abc import Callable
from dataclasses import dataclass

from forum.activity.measures.record import Record

Computation = Callable[[Record], float | None]


@dataclass(frozen=True)
class Measure:
    """One measure of a whole record; the definition is what its function's docstring says.

    `behind` says whom the number stands for, so that `disclosure` can hide what tells of few: each
    is a question with a row for each person, and the column `amount`, what they add to it. A share
    names those on either side. A count of people needs none: it stands for itself.
    """

    name: str
    construct: str
    version: int
    unit: str
    source: str
    definition: str
    of: Computation
    behind: tuple[str, ...] = ()


MEASURES: dict[str, Measure] = {}


def measure(
    construct: str, unit: str, source: str, version: int = 1, behind: tuple[str, ...] = ()
) -> Callable[[Computation], Computation]:
    """Enter a function in the list of measures under its own name."""

    def entered(computation: Computation) -> Computation:
        name = computation.__name__
        definition = " ".join((computation.__doc__ or "").split())
        MEASURES[name] = Measure(
            name, construct, version, unit, source, definition, computation, behind
        )
        return computation

    return entered
