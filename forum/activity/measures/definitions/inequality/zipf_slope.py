"""How steeply posts fall with rank."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.queries.post_shares import POSTS, POSTS_BY_PERSON
from forum.activity.measures.statistics.zipf import ZIPF, zipf_line
from forum.activity.measures.study_record import Record


@study_measure("inequality", "slope", ZIPF, contributions=(POSTS_BY_PERSON,))
def zipf_slope(record: Record) -> float | None:
    """Slope of the straight line through log(rank) and log(posts) of all who have posted."""
    line = zipf_line(record, POSTS)
    return line and line.slope
