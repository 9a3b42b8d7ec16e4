"""How soon threads have their first reply, those without one included."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.queries.first_replies import ANSWERED_THREADS, WAITING_TIMES
from forum.activity.measures.statistics.kaplan_meier import KAPLAN_MEIER, kaplan_meier, median
from forum.activity.measures.study_record import Record


@study_measure(
    "responsiveness",
    "minutes",
    f"median of the curve of {KAPLAN_MEIER}",
    contributions=(ANSWERED_THREADS,),
)
def minutes_until_half_answered(record: Record) -> float | None:
    """Minutes until half of all threads have another participant's first reply.

    By the Kaplan-Meier curve: a thread without a reply waits until the end of the record. No
    value while fewer than half are answered.
    """
    return median(kaplan_meier(record, WAITING_TIMES))
