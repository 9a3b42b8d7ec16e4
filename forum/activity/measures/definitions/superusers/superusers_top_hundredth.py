"""Superusers as the hundredth with the most posts."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.queries.post_shares import fewest_posts_in_top
from forum.activity.measures.study_record import Record


@study_measure("superusers", "people", "van Mierlo 2014, the 1-9-90 rule")
def superusers_top_hundredth(record: Record) -> float | None:
    """People in the top 1% by posts, including anyone level with the last of these."""
    return record.number(
        f"SELECT count(*) FROM totals WHERE posts >= ({fewest_posts_in_top(0.01)})"  # noqa: S608
    )
