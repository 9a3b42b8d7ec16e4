"""People who come often, as Houston and others count them."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.study_record import Record

FREQUENT_MINUTES, FORTNIGHT_WEEKS = 300, 2


@study_measure("dose", "people", "Houston, Cooper and Ford 2002")
def frequent_users(record: Record) -> float | None:
    """People whose visits add up to five hours or more in at least one fortnight.

    Each visit counts with the longest possible time. Fortnights are counted from the first day of
    the period, so five hours across two of them don't count. Houston and others asked people
    instead, so the numbers don't compare.
    """
    return record.number(
        "SELECT count(DISTINCT participant) FROM (SELECT participant FROM acts "  # noqa: S608
        f"WHERE kind = 'session' GROUP BY participant, week // {FORTNIGHT_WEEKS} "
        f"HAVING sum(seconds_high::DECIMAL(18, 3)) >= {FREQUENT_MINUTES * 60})"
    )
