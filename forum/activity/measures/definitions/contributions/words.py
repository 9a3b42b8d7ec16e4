"""Words in threads started and replies posted."""

from forum.activity.measures.event_conditions import POSTED, sum_of
from forum.activity.measures.measure import DIRECT_COUNT, PersonMeasure, enter
from forum.activity.measures.measures_in_releases import Bands
from forum.core.translation import lazy

enter(
    PersonMeasure(
        name="words",
        label=lazy("Words written"),
        construct="contributions",
        version=1,
        unit="words",
        source=DIRECT_COUNT,
        definition="Words in threads started and replies posted.",
        sql=sum_of("words", POSTED),
        bands=Bands(
            (0, 1, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000),
            (0, 1, 100, 1000, 5000, 20_000),
            weight=0.3,
            is_dose=True,
        ),
    )
)
