"""Zipf's law: a straight line through the logarithms of ranks and counts."""

from typing import NamedTuple

from forum.activity.measures.study_record import Record

ZIPF = "Zipf 1949; least squares on logarithms"


class ZipfLine(NamedTuple):
    """A straight line through log(rank) and log(count): its slope, intercept, and fit."""

    slope: float
    intercept: float
    r2: float | None


def zipf_line(record: Record, counts: str) -> ZipfLine | None:
    """Return the line for a query's column x above 0; None if none can be drawn."""
    found = record.base.execute(
        "WITH ranked AS (SELECT ln(x) AS y, ln(row_number() OVER (ORDER BY x DESC)) AS rank "  # noqa: S608
        f"FROM ({counts}) WHERE x > 0) SELECT regr_slope(y, rank), regr_intercept(y, rank), "
        "if(min(y) < max(y), regr_r2(y, rank), NULL) FROM ranked HAVING count(*) > 1"
    ).fetchall()
    if not found:
        return None
    slope, intercept, r2 = found[0]
    return ZipfLine(float(slope), float(intercept), None if r2 is None else float(r2))
