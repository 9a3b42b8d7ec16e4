"""Drop-out: people who leave the study."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.queries.follow_up import EYSENBACH, drop_out
from forum.activity.measures.study_record import Record


@study_measure("attrition", "people", EYSENBACH)
def dropped_out(record: Record) -> float | None:
    """People who left the study within the period and let their data stay in it.

    People who deleted their data are in no count, so drop-out is underestimated.
    """
    return record.number(f"SELECT count(*) FILTER (ended) FROM ({drop_out(record)})")  # noqa: S608
