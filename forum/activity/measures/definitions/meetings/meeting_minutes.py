"""Minutes present in meetings."""

from forum.activity.measures.event_conditions import sum_of
from forum.activity.measures.measure import DIRECT_COUNT, PersonMeasure, enter
from forum.activity.measures.measures_in_releases import Bands
from forum.core.translation import lazy

enter(
    PersonMeasure(
        name="meeting_minutes",
        label=lazy("Minutes in meetings"),
        construct="meetings",
        version=1,
        unit="minutes",
        source=DIRECT_COUNT,
        definition="Minutes present in meetings, with gaps of up to two minutes in the connection.",
        sql=sum_of("minutes_present", "kind = 'meeting_attended'"),
        bands=Bands((0, 1, 15, 30, 60, 120, 240, 480, 960, 1920), (0, 1, 60, 240, 960), weight=0.3),
    )
)
