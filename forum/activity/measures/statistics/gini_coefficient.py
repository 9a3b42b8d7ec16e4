"""The Gini coefficient."""

from forum.activity.measures.study_record import Record


def gini_coefficient(record: Record, counts: str, *, corrected: bool = False) -> float | None:
    """Return the Gini coefficient of a query's column x; None without anything to share.

    The correction for small samples is by n / (n - 1).
    """
    found = record.base.execute(
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
