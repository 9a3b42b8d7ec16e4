"""Lurkers as people below the tenth with the most posts."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.queries.post_shares import fewest_posts_in_top
from forum.activity.measures.study_record import Record


@study_measure("lurking", "people", "van Mierlo 2014, the 1-9-90 rule")
def lurkers_below_top_tenth(record: Record) -> float | None:
    """People outside the top 10% by posts.

    Anyone level with the last of these counts as inside, if they have posted. By construction,
    that leaves about 90% of people outside, or more if fewer than 10% have posted.
    """
    return record.number(
        f"SELECT count(*) FROM totals WHERE posts < ({fewest_posts_in_top(0.10)})"  # noqa: S608
    )
