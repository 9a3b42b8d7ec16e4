"""Threads started and replies posted."""

from forum.activity.measures.event_conditions import POSTED, count_of
from forum.activity.measures.measure import DIRECT_COUNT, PersonMeasure, enter
from forum.activity.measures.measures_in_releases import Bands, PeriodBands
from forum.core.translation import lazy

enter(
    PersonMeasure(
        name="posts",
        label=lazy("Posts"),
        construct="contributions",
        version=1,
        unit="posts",
        source=DIRECT_COUNT,
        definition="Threads started and replies posted.",
        sql=count_of(POSTED),
        noise_bound=20,
        bands=Bands(
            (*range(11), 12, 15, 20, 25, 30, 40, 50, 70, 100, 140, 180),
            (0, 1, 3, 10, 50),
            weight=1.0,
            is_noisy=True,
            is_dose=True,
        ),
        period_bands=PeriodBands(
            (0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 60), (0, 1, 4, 15), share=3.0
        ),
    )
)
