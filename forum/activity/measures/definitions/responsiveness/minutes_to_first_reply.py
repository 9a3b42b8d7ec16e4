"""How soon threads that are answered have their first reply."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.queries.first_replies import ANSWERED_THREADS, FIRST_REPLIES
from forum.activity.measures.study_record import Record


@study_measure(
    "responsiveness",
    "minutes",
    "median over answered threads",
    contributions=(ANSWERED_THREADS,),
)
def minutes_to_first_reply(record: Record) -> float | None:
    """Median minutes to another participant's first reply, over threads that have one.

    Threads that were never answered are left out. If they are many, it is too short: see
    `minutes_until_half_answered`.
    """
    return record.number(f"SELECT median(minutes) FROM ({FIRST_REPLIES})")  # noqa: S608
