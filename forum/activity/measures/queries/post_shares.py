"""Posts of everybody, of those with the most, and of the rest."""

from collections.abc import Sequence

from forum.activity.measures.study_record import Record

VAN_MIERLO = "van Mierlo 2014, the 1-9-90 rule"
POSTS = "SELECT posts AS x FROM totals"
POSTS_BY_PERSON = "SELECT posts AS amount FROM totals"


def fewest_posts_in_top(share: float) -> str:
    """Return the query for the fewest posts with which one is in the top share, at least 1."""
    return (
        "SELECT greatest(1, min(posts)) FROM (SELECT posts FROM totals ORDER BY posts DESC "  # noqa: S608
        f"LIMIT (SELECT ceil({share} * count(*))::BIGINT FROM totals))"
    )


def _ranked(condition: str) -> str:
    """Return the query for the posts of those whose rank, among all, is such."""
    return (
        "SELECT posts AS amount FROM (SELECT posts, row_number() OVER (ORDER BY posts DESC) "  # noqa: S608
        f"AS rank, count(*) OVER () AS n FROM totals) WHERE {condition}"
    )


TOP_HUNDREDTH, BELOW_HUNDREDTH = _ranked("rank <= ceil(0.01 * n)"), _ranked("rank > ceil(0.01 * n)")
NEXT_NINE = _ranked("rank > ceil(0.01 * n) AND rank <= ceil(0.10 * n)")
TOP_TENTH, NINETY = _ranked("rank <= ceil(0.10 * n)"), _ranked("rank > ceil(0.10 * n)")


def shares(parts: Sequence[int]) -> list[float]:
    """Return each part's share of the parts' own total, from 0 to 1; of nothing, nothing."""
    total = sum(parts)
    return [part / total if total else 0.0 for part in parts]


def one_nine_ninety(record: Record) -> list[float]:
    """Return the shares of posts by the 90 % with the fewest, the next 9 %, and the top 1 %.

    Who is level is parted by their number alone, so the three parts have their sizes. Empty
    without posts.
    """
    sums = ", ".join(
        f"(SELECT coalesce(sum(amount), 0) FROM ({part}))"  # noqa: S608
        for part in (NINETY, NEXT_NINE, TOP_HUNDREDTH)
    )
    found = shares([int(part) for part in record.row(f"SELECT {sums}")])
    return found if any(found) else []
