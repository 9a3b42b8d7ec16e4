"""Times logged in."""

from forum.activity.measures.event_conditions import count_of
from forum.activity.measures.measure import DIRECT_COUNT, PersonMeasure, enter

enter(
    PersonMeasure(
        name="sign_ins",
        construct="dose",
        version=1,
        unit="times",
        source=DIRECT_COUNT,
        definition="Times logged in.",
        sql=count_of("kind = 'signed_in'"),
        noise_bound=40,
    )
)
