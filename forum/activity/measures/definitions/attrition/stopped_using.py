"""Non-usage: people who no longer use the forum."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.queries.follow_up import EYSENBACH, NON_USAGE, can_show_non_usage
from forum.activity.measures.study_record import Record


@study_measure("attrition", "people", EYSENBACH, version=3)
def stopped_using(record: Record) -> float | None:
    """People who joined or used the forum and then did nothing for their last 28 observed days.

    Someone who came back after a longer silence doesn't count. Nor does anyone who had stopped
    before the first day of the period. Leaving the study or its groups, or the study's end, is not
    stopping, because nobody knows what comes after. People who were observed for 28 days or fewer
    can't count, so don't divide by all people. No value for periods of 28 days or fewer.
    """
    if not can_show_non_usage(record.window):
        return None
    return record.number(f"SELECT count(*) FILTER (ended) FROM ({NON_USAGE})")  # noqa: S608
