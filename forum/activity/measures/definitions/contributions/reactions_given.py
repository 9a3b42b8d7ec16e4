"""Reactions given."""

from forum.activity.measures.event_conditions import count_of
from forum.activity.measures.measure import DIRECT_COUNT, PersonMeasure, enter
from forum.activity.measures.measures_in_releases import Bands, PeriodBands
from forum.core.translation import lazy

enter(
    PersonMeasure(
        name="reactions_given",
        label=lazy("Reactions given"),
        construct="contributions",
        version=1,
        unit="reactions",
        source=DIRECT_COUNT,
        definition="Reactions given.",
        sql=count_of("kind = 'reaction_given'"),
        noise_bound=20,
        bands=Bands((0, 1, 2, 3, 5, 8, 13, 20, 50, 100, 200), (0, 1, 3, 8, 50), weight=0.3),
        period_bands=PeriodBands((0, 1, 2, 3, 5, 8, 13, 20, 50), (0, 1, 5, 20), share=1.5),
    )
)
