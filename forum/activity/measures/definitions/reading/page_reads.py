"""Thread pages opened."""

from forum.activity.measures.event_conditions import count_of
from forum.activity.measures.measure import DIRECT_COUNT, PersonMeasure, enter

enter(
    PersonMeasure(
        name="page_reads",
        construct="reading",
        version=1,
        unit="pages",
        source=DIRECT_COUNT,
        definition="Thread pages opened.",
        sql=count_of("kind = 'thread_read'"),
    )
)
