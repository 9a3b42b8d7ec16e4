"""How soon half have stopped using the forum."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.queries.follow_up import EYSENBACH, NON_USAGE, STOPPED_BY_PERSON
from forum.activity.measures.statistics.kaplan_meier import KAPLAN_MEIER, kaplan_meier, median
from forum.activity.measures.study_record import Record


@study_measure(
    "attrition",
    "days",
    f"{EYSENBACH}; {KAPLAN_MEIER}",
    version=2,
    contributions=(STOPPED_BY_PERSON,),
)
def usage_half_life(record: Record) -> float | None:
    """Days until half have stopped using the forum, by the Kaplan-Meier curve.

    Days count from joining. For people who joined earlier, they count from their first use within
    the period. Follow-up ends 28 days before a person could no longer be observed. None while more
    than half still use it.
    """
    return median(kaplan_meier(record, NON_USAGE))
