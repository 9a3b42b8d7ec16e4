"""Non-usage: people who no longer use the forum."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.queries.follow_up import EYSENBACH, NON_USAGE, can_show_non_usage
from forum.activity.measures.study_record import Record


@study_measure("attrition", "people", EYSENBACH, version=2)
def stopped_using(record: Record) -> float | None:
    """People who joined or used the forum, then did nothing for 28 observed days.

    Leaving the study or its groups, or the study's end, doesn't count, because nobody knows what
    comes after. Nor do people who had stopped before the first day of the period. None for 28 days
    or fewer, because that is too short to know.
    """
    if not can_show_non_usage(record.window):
        return None
    return record.number(f"SELECT count(*) FILTER (ended) FROM ({NON_USAGE})")  # noqa: S608
