"""How many newcomers are answered."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.queries.first_replies import (
    ANSWERED_NEWCOMERS,
    JOYCE_AND_KRAUT,
    NEWCOMERS,
    UNANSWERED_NEWCOMERS,
)
from forum.activity.measures.study_record import Record


@study_measure(
    "responsiveness",
    "share",
    JOYCE_AND_KRAUT,
    contributions=(ANSWERED_NEWCOMERS, UNANSWERED_NEWCOMERS),
)
def newcomers_answered(record: Record) -> float | None:
    """Of the people who have posted, the share whose first recorded post was answered.

    Another participant has to answer. If that post starts a thread, any reply counts. If it is a
    reply, only a post that follows it counts, with no other participant's post between them.
    Someone who agreed after they had posted, without the past, is counted by their first post
    after agreeing.
    """
    return record.number(f"SELECT avg(answered::INTEGER) FROM ({NEWCOMERS})")  # noqa: S608
