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
    """Share of people whose first post another participant answered.

    If that post starts a thread, any reply counts. If it is a reply, only an answer to it counts.
    """
    return record.number(f"SELECT avg(answered::INTEGER) FROM ({NEWCOMERS})")  # noqa: S608
