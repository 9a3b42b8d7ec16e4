"""Superusers by how much they do."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.study_record import Record

SUPERUSER_ACTS = 180


@study_measure(
    "superusers", "people", "this project's own threshold: about one a day for half a year"
)
def superusers_by_acts(record: Record) -> float | None:
    """People with 180 or more interactions within the period.

    Interactions are posts, reactions given and meetings attended. The threshold is the same for
    every period, so only periods of the same length compare.
    """
    return record.number(f"SELECT count(*) FROM totals WHERE interactions >= {SUPERUSER_ACTS}")  # noqa: S608
