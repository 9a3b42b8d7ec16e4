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
        definition="Events of the kinds that make a day active, from 00:00 to 04:59, in the time "
        "zone of `active_days`.",
        sql=count_of(f"{OWN} AND hour < {MORNING}"),
    )
)
