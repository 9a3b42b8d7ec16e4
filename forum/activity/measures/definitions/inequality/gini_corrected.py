"""The Gini coefficient of posts, corrected for small samples."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.queries.post_shares import POSTS, POSTS_BY_PERSON
from forum.activity.measures.statistics.gini_coefficient import gini_coefficient
from forum.activity.measures.study_record import Record


@study_measure(
    "inequality",
    "0 to 1",
    "Deltas 2003, the correction for small samples",
    contributions=(POSTS_BY_PERSON,),
)
def gini_corrected(record: Record) -> float | None:
    """Gini coefficient times n / (n - 1): 1 if one person writes everything."""
    return gini_coefficient(record, POSTS, corrected=True)
