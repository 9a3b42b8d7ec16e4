"""Meetings attended."""

from forum.activity.measures.event_conditions import count_of
from forum.activity.measures.measure import DIRECT_COUNT, PersonMeasure, enter
from forum.activity.measures.measures_in_releases import Bands, PeriodBands
from forum.core.translation import lazy

enter(
    PersonMeasure(
        name="meetings",
        label=lazy("Meetings attended"),
        construct="meetings",
        version=1,
        unit="meetings",
        source=DIRECT_COUNT,
        definition="Meetings attended.",
        sql=count_of("kind = 'meeting_attended'"),
        noise_bound=8,
        bands=Bands((0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20), (0, 1, 3, 10), weight=0.3, is_noisy=True),
        period_bands=PeriodBands((0, 1, 2, 3, 4, 5, 8), (0, 1, 3), share=1.5),
    )
)
