"""How soon half have stopped using the forum."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.queries.follow_up import EYSENBACH, NON_USAGE, STOPPED_BY_PERSON
from forum.activity.measures.statistics.kaplan_meier import KAPLAN_MEIER, kaplan_meier, median
from forum.activity.measures.study_record import Record


@study_measure(
    "attrition",
    "days",
    f"{EYSENBACH}; {KAPLAN_MEIER}",
    version=3,
    contributions=(STOPPED_BY_PERSON,),
)
def usage_half_life(record: Record) -> float | None:
    """Days until half have stopped using the forum, by the Kaplan-Meier curve.

    Days count from joining. For people who joined earlier, or whose joining isn't recorded, days
    count from their first use within the period; they have already stayed for a while, so they
    make the half-life longer. Follow-up ends 28 days before a person could no longer be observed.
    No value while more than half haven't stopped.
    """
    return median(kaplan_meier(record, NON_USAGE))
