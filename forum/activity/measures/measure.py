"""What a measure is, and the one list of them, from which documents, figures and releases are made.

A file in `definitions/` enters one measure here, under the name of the file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from forum.activity.measures.measures_in_releases import Bands, PeriodBands
from forum.activity.measures.study_record import Record

Computation: TypeAlias = Callable[[Record], float | None]
DIRECT_COUNT = "direct count"  # of what the record holds, by no definition of somebody else's


@dataclass(frozen=True)
class Measure:
    """What every measure says of itself."""

    name: str
    construct: str
    version: int
    unit: str
    source: str
    definition: str


@dataclass(frozen=True)
class PersonMeasure(Measure):
    """A measure of one person in one period: `sql` aggregates their acts.

    `shortest` is the shortest period of which it says something. Aggregates hold its sum for each
    four weeks if it `is_summed`; with noise if there is a `noise_bound`, which is how much each
    person adds at most. Microdata tell it in `bands`, panels in `period_bands`. `label` is what a
    form calls it, where it is asked for.
    """

    sql: str
    shortest: str = "day"
    is_summed: bool = True
    noise_bound: int | None = None
    bands: Bands | None = None
    period_bands: PeriodBands | None = None
    label: str = ""


@dataclass(frozen=True)
class StudyMeasure(Measure):
    """A measure of everybody in a record together.

    `contributions` say whom the number is about, and let `suppression` hide what few people make:
    each is a query with a row for each person, and the column `amount`, what they add to it. A
    share names those on either side. A count of people needs none: it is its own contribution.
    """

    compute: Computation
    contributions: tuple[str, ...] = ()


MEASURES: dict[str, Measure] = {}


def enter(measure: Measure) -> None:
    """Enter a measure in the list."""
    MEASURES[measure.name] = measure


def study_measure(
    construct: str, unit: str, source: str, version: int = 1, contributions: tuple[str, ...] = ()
) -> Callable[[Computation], Computation]:
    """Enter a function as a measure of its own name, defined by its docstring."""

    def entered(compute: Computation) -> Computation:
        definition = " ".join((compute.__doc__ or "").split())
        name = compute.__name__
        enter(
            StudyMeasure(name, construct, version, unit, source, definition, compute, contributions)
        )
        return compute

    return entered
