"""The Gini coefficient of posts."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.queries.post_shares import POSTS, POSTS_BY_PERSON
from forum.activity.measures.statistics.gini_coefficient import gini_coefficient
from forum.activity.measures.study_record import Record


@study_measure("inequality", "0 to 1", "Gini 1912", contributions=(POSTS_BY_PERSON,))
def gini(record: Record) -> float | None:
    """Gini coefficient of posts over all people, including people without posts."""
    return gini_coefficient(record, POSTS)
