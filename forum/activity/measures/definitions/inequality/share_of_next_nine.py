"""A part of the 1-9-90 rule."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.queries.post_shares import (
    NEXT_NINE,
    NINETY,
    TOP_HUNDREDTH,
    VAN_MIERLO,
    one_nine_ninety,
)
from forum.activity.measures.study_record import Record


@study_measure(
    "inequality", "share", VAN_MIERLO, version=2, contributions=(TOP_HUNDREDTH, NEXT_NINE, NINETY)
)
def share_of_next_nine(record: Record) -> float | None:
    """Share of all posts written by the next 9% of people. No value if nobody has posted."""
    found = one_nine_ninety(record)
    return found[1] if found else None
