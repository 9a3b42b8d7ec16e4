"""How unevenly posts are spread over people."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from forum.activity.measures.record import Record
from forum.activity.measures.registry import measure

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

POSTS = "SELECT posts AS x FROM totals"
ZIPF = "Zipf 1949; least squares on logarithms"
VAN_MIERLO = "van Mierlo 2014, the 1-9-90 rule"
WRITERS = ("SELECT posts AS amount FROM totals",)


class Zipf(NamedTuple):
    """A straight line through log(rank) and log(count): its slope, intercept, and fit."""

    slope: float
    intercept: float
    r2: float | None


def shares(parts: Sequence[int]) -> list[float]:
    """Return each part's share of the parts' own total, from 0 to 1; of nothing, nothing."""
    total = sum(parts)
    return [part / total if total else 0.0 for part in parts]


def _ranked(condition: str) -> str:
    """Return the question for the posts of those whose rank, among all, is such."""
    return (
        "SELECT posts AS amount FROM (SELECT posts, row_number() OVER (ORDER BY posts DESC) "  # noqa: S608
        f"AS rank, count(*) OVER () AS n FROM totals) WHERE {condition}"
    )


TOP, BELOW_TOP = _ranked("rank <= ceil(0.01 * n)"), _ranked("rank > ceil(0.01 * n)")
NEXT = _ranked("rank > ceil(0.01 * n) AND rank <= ceil(0.10 * n)")
TOP_TENTH, NINETY = _ranked("rank <= ceil(0.10 * n)"), _ranked("rank > ceil(0.10 * n)")


def one_nine_ninety(record: Record) -> list[float]:
    """Return the shares of posts by the 90 % with the fewest, the next 9 %, and the top 1 %.

    Who is level is parted by their number alone, so the three parts have their sizes.
    """
    sums = ", ".join(
        f"(SELECT coalesce(sum(amount), 0) FROM ({part}))"  # noqa: S608
        for part in (NINETY, NEXT, TOP)
    )
    parts = record.row(f"SELECT {sums}")
    return shares([int(part) for part in parts])


def _share(record: Record, part: int) -> float | None:
    """Return the share of one of the three parts; None where there are no posts to share."""
    found = one_nine_ninety(record)
    return found[part] if any(found) else None


@measure("inequality", "share", VAN_MIERLO, version=2, behind=(TOP, BELOW_TOP))
def share_of_top_hundredth(record: Record) -> float | None:
    """Share of all posts that come from the hundredth of people with the most.

    None without posts.
    """
    return _share(record, 2)


@measure("inequality", "share", VAN_MIERLO, version=2, behind=(TOP, NEXT, NINETY))
def share_of_next_nine(record: Record) -> float | None:
    """Share of all posts that come from the nine hundredths after the first. None without posts."""
    return _share(record, 1)


@measure("inequality", "share", VAN_MIERLO, version=2, behind=(TOP_TENTH, NINETY))
def share_of_ninety(record: Record) -> float | None:
    """Share of all posts that come from the nine tenths of people with the fewest.

    None without posts.
    """
    return _share(record, 0)


@measure("inequality", "0 to 1", "Gini 1912", behind=WRITERS)
def gini(record: Record) -> float | None:
    """Gini coefficient of posts over all people, those without posts included."""
    return gini_of(record.base, POSTS)


@measure("inequality", "0 to 1", "Deltas 2003, the correction for small samples", behind=WRITERS)
def gini_corrected(record: Record) -> float | None:
    """Gini coefficient times n / (n - 1), so that one person who writes everything gives 1."""
    return gini_of(record.base, POSTS, corrected=True)


@measure("inequality", "slope", ZIPF, behind=WRITERS)
def zipf_slope(record: Record) -> float | None:
    """Slope of the straight line through log(rank) and log(posts) of all who have posted."""
    fit = zipf_of(record.base, POSTS)
    return fit and fit.slope


@measure("inequality", "0 to 1", ZIPF, version=2, behind=WRITERS)
def zipf_r2(record: Record) -> float | None:
    """How much of the variance of log(posts) Zipf's line explains. None where all are equal."""
    fit = zipf_of(record.base, POSTS)
    return fit and fit.r2


def gini_of(base: "DuckDBPyConnection", counts: str, *, corrected: bool = False) -> float | None:
    """Return the Gini coefficient of a question's column x; None without anything to share."""
    found = base.execute(
        "WITH ranked AS (SELECT x, row_number() OVER (ORDER BY x) AS rank, count(*) OVER () AS n "  # noqa: S608
        f"FROM ({counts})) SELECT sum((2 * rank - n - 1) * x)::DOUBLE / (max(n) * sum(x)), max(n) "
        "FROM ranked HAVING sum(x) > 0"
    ).fetchall()
    if not found:
        return None
    [(plain, n)] = found
    if not corrected:
        return float(plain)
    return float(plain * n / (n - 1)) if n > 1 else None


def zipf_of(base: "DuckDBPyConnection", counts: str) -> Zipf | None:
    """Return the fit for a question's column x above 0; None if no line can be drawn."""
    found = base.execute(
        "WITH ranked AS (SELECT ln(x) AS y, ln(row_number() OVER (ORDER BY x DESC)) AS rank "  # noqa: S608
        f"FROM ({counts}) WHERE x > 0) SELECT regr_slope(y, rank), regr_intercept(y, rank), "
        "if(min(y) < max(y), regr_r2(y, rank), NULL) FROM ranked HAVING count(*) > 1"
    ).fetchall()
    if not found:
        return None
    slope, intercept, r2 = found[0]
    return Zipf(float(slope), float(intercept), None if r2 is None else float(r2))
