"""How many threads are answered."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.queries.first_replies import (
    ANSWERED_THREADS,
    FIRST_REPLIES,
    JOYCE_AND_KRAUT,
    UNANSWERED_THREADS,
)
from forum.activity.measures.study_record import Record


@study_measure(
    "responsiveness",
    "share",
    f"{JOYCE_AND_KRAUT}, for all threads",
    contributions=(ANSWERED_THREADS, UNANSWERED_THREADS),
)
def reply_rate(record: Record) -> float | None:
    """Share of threads started that another participant has replied to."""
    return record.number(f"SELECT avg((minutes IS NOT NULL)::INTEGER) FROM ({FIRST_REPLIES})")  # noqa: S608
