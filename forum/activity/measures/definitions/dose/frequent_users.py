"""People who come often, as Houston and others count them."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.study_record import Record

FREQUENT_MINUTES, FORTNIGHT_WEEKS = 300, 2


@study_measure("dose", "people", "Houston, Cooper and Ford 2002")
def frequent_users(record: Record) -> float | None:
    """People with five or more hours of sessions in at least one fortnight.

    Fortnights are counted from the first day of the period.
    """
    return record.number(
        "SELECT count(DISTINCT participant) FROM (SELECT participant FROM acts "  # noqa: S608
        f"WHERE kind = 'session' GROUP BY participant, week // {FORTNIGHT_WEEKS} "
        f"HAVING sum(seconds_high::DECIMAL(18, 3)) >= {FREQUENT_MINUTES * 60})"
    )
