"""Acts of one's own between midnight and five in the morning, in the same time zone."""

from forum.activity.measures.event_conditions import OWN, count_of
from forum.activity.measures.measure import DIRECT_COUNT, PersonMeasure, enter

MORNING = 5

enter(
    PersonMeasure(
        name="night_acts",
        construct="dose",
        version=1,
        unit="acts",
        source=DIRECT_COUNT,
        definition="Events by the person between midnight and five in the morning, in the same "
        "time zone.",
        sql=count_of(f"{OWN} AND hour < {MORNING}"),
    )
)
