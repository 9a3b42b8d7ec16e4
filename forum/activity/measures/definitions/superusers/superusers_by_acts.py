"""Superusers by how much they do."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.study_record import Record

SUPERUSER_ACTS = 180


@study_measure("superusers", "people", "the threshold that this project's design sets")
def superusers_by_acts(record: Record) -> float | None:
    """People with 180 or more interactions: posts, reactions given and meetings attended."""
    return record.number(f"SELECT count(*) FROM totals WHERE interactions >= {SUPERUSER_ACTS}")  # noqa: S608
