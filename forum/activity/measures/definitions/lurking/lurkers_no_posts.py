"""Lurkers as people without any post."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.study_record import Record


@study_measure(
    "lurking", "people", "Nonnecke and Preece 2000, who counted members without any post"
)
def lurkers_no_posts(record: Record) -> float | None:
    """People without a single post within the period. The longer the period, the fewer."""
    return record.number("SELECT count(*) FROM totals WHERE posts = 0")
