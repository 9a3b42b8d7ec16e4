"""Who only reads, and who does much: definitions that do not agree, so all are told."""

from forum.activity.measures.record import Record
from forum.activity.measures.registry import measure

TOP_TENTH, TOP_HUNDREDTH = 0.10, 0.01
SUPERUSER_ACTS = 180
FREQUENT_MINUTES, FORTNIGHT_WEEKS = 300, 2


@measure("lurking", "people", "Nonnecke and Preece 2000, who counted members without any post")
def lurkers_no_posts(record: Record) -> float | None:
    """People without a single post."""
    return record.number("SELECT count(*) FROM totals WHERE posts = 0")


@measure("lurking", "people", "van Mierlo 2014, the 1-9-90 rule")
def lurkers_below_top_tenth(record: Record) -> float | None:
    """People who are not among the tenth with the most posts.

    Whoever has as many posts as the last of the tenth, and at least one, counts as in it.
    """
    return record.number(
        f"SELECT count(*) FROM totals WHERE posts < ({_threshold(TOP_TENTH)})"  # noqa: S608
    )


@measure("superusers", "people", "van Mierlo 2014, the 1-9-90 rule")
def superusers_top_hundredth(record: Record) -> float | None:
    """People among the hundredth with the most posts, those level with its last included."""
    return record.number(
        f"SELECT count(*) FROM totals WHERE posts >= ({_threshold(TOP_HUNDREDTH)})"  # noqa: S608
    )


@measure("superusers", "people", "the threshold that this project's design sets")
def superusers_by_acts(record: Record) -> float | None:
    """People with 180 or more interactions: posts, reactions given and meetings attended."""
    return record.number(f"SELECT count(*) FROM totals WHERE interactions >= {SUPERUSER_ACTS}")  # noqa: S608


@measure("dose", "people", "Houston, Cooper and Ford 2002")
def frequent_users(record: Record) -> float | None:
    """People with five or more hours of sessions in at least one fortnight.

    Fortnights are counted from the first day looked at.
    """
    return record.number(
        "SELECT count(DISTINCT participant) FROM (SELECT participant FROM acts "  # noqa: S608
        f"WHERE kind = 'session' GROUP BY participant, week // {FORTNIGHT_WEEKS} "
        f"HAVING sum(seconds_high::DECIMAL(18, 3)) >= {FREQUENT_MINUTES * 60})"
    )


def _threshold(share: float) -> str:
    """Return the question for the fewest posts with which one is in the top share, at least 1."""
    return (
        "SELECT greatest(1, min(posts)) FROM (SELECT posts FROM totals ORDER BY posts DESC "  # noqa: S608
        f"LIMIT (SELECT ceil({share} * count(*))::BIGINT FROM totals))"
    )
