"""Threads started."""

from forum.activity.measures.event_conditions import count_of
from forum.activity.measures.measure import DIRECT_COUNT, PersonMeasure, enter
from forum.activity.measures.measures_in_releases import Bands
from forum.core.translation import lazy

enter(
    PersonMeasure(
        name="threads",
        label=lazy("Threads started"),
        construct="contributions",
        version=1,
        unit="threads",
        source=DIRECT_COUNT,
        definition="Threads started.",
        sql=count_of("kind = 'thread_started'"),
        is_summed=False,  # a sum beside that of posts would tell that of replies
        bands=Bands(
            (0, 1, 2, 3, 4, 5, 7, 10, 15, 20),
            (0, 1, 3, 10),
            weight=0.3,
            is_noisy=True,
            is_dose=True,
        ),
    )
)
