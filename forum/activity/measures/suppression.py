"""What may be told of a measure: nothing that stands for few people, or mostly for one."""

from typing import NamedTuple

from forum.activity.measures.measure import StudyMeasure
from forum.activity.measures.study_record import Record
from forum.activity.small_cells import (
    FEW_ON_EITHER_SIDE,
    is_disclosive,
    rounded_both_sides,
    rounded_share,
)

TOO_FEW = "Too few people are behind it, or mostly one."
NO_VALUE = "No value: see its definition."
PARTS = """
SELECT count(*), coalesce(sum(amount), 0), coalesce(max(amount), 0),
       coalesce(sum(amount) FILTER (place > 2), 0)
FROM (SELECT amount, row_number() OVER (ORDER BY amount DESC) AS place FROM ({query})
      WHERE amount > 0)
"""


class Suppressed(NamedTuple):
    """The value of a measure that may be published, or None and why not."""

    value: float | None
    reason: str = ""


def suppressed(record: Record, measure: StudyMeasure) -> Suppressed:
    """Return a measure's value as it may leave the house.

    Counts of people are rounded to 5, and published only where the people not counted are not few
    either. Shares move in steps of 5 of what they are shares of, other numbers have two digits;
    both are published only where each part is of more than 7 people, and for nobody mostly.
    """
    value = measure.compute(record)
    if not measure.contributions:
        return _count(record, value)
    parts = [record.row(PARTS.format(query=query)) for query in measure.contributions]
    parts = [part for part in parts if part[0]]
    if not parts or any(is_disclosive(*part) for part in parts):
        return Suppressed(None, TOO_FEW)
    if value is None:
        return Suppressed(None, NO_VALUE)
    if measure.unit == "share":
        return Suppressed(rounded_share(value, int(sum(part[1] for part in parts))))
    return Suppressed(float(f"{value:.2g}"))


def _count(record: Record, value: float | None) -> Suppressed:
    if value is None:
        return Suppressed(None, NO_VALUE)
    everyone = int(record.row("SELECT count(*) FROM people")[0])
    shown = rounded_both_sides(int(value), everyone)
    return Suppressed(None, f"{FEW_ON_EITHER_SIDE}.") if shown is None else Suppressed(shown)
