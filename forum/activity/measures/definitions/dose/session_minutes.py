"""Length of all visits, at most."""

from forum.activity.measures.event_conditions import sum_of
from forum.activity.measures.measure import DIRECT_COUNT, PersonMeasure, enter

enter(
    PersonMeasure(
        name="session_minutes",
        construct="dose",
        version=1,
        unit="minutes",
        source=DIRECT_COUNT,
        definition="Length of all visits, by the longest possible time.",
        sql=sum_of("seconds_high", "kind = 'session'", divisor=60),
    )
)
