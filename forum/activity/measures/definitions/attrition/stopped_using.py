"""Non-usage: people who no longer use the forum."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.queries.follow_up import EYSENBACH, NON_USAGE, can_show_non_usage
from forum.activity.measures.study_record import Record


@study_measure("attrition", "people", EYSENBACH, version=2)
def stopped_using(record: Record) -> float | None:
    """People who joined or used the forum, then did nothing for 28 days while they could be seen.

    Leaving the study or its groups, and the study's end, are no such silence: what comes after is
    not known. Who had stopped before the first day looked at is not counted. None for 28 days or
    fewer, in which nobody can be known to have stopped.
    """
    if not can_show_non_usage(record.window):
        return None
    return record.number(f"SELECT count(*) FILTER (ended) FROM ({NON_USAGE})")  # noqa: S608
