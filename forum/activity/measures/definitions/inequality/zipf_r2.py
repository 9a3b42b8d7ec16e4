"""How well Zipf's law describes posts."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.queries.post_shares import POSTS, POSTS_BY_PERSON
from forum.activity.measures.statistics.zipf import ZIPF, zipf_line
from forum.activity.measures.study_record import Record


@study_measure("inequality", "0 to 1", ZIPF, version=2, contributions=(POSTS_BY_PERSON,))
def zipf_r2(record: Record) -> float | None:
    """Share of the variance of log(posts) that the fitted line explains.

    High for almost any skewed distribution, so it is no evidence for Zipf's law. No value if all
    are equal.
    """
    line = zipf_line(record, POSTS)
    return line and line.r2
