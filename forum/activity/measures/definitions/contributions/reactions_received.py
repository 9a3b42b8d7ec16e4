"""Reactions received."""

from forum.activity.measures.event_conditions import count_of
from forum.activity.measures.measure import DIRECT_COUNT, PersonMeasure, enter
from forum.activity.measures.measures_in_releases import Bands
from forum.core.translation import lazy

enter(
    PersonMeasure(
        name="reactions_received",
        label=lazy("Reactions received"),
        construct="contributions",
        version=1,
        unit="reactions",
        source=DIRECT_COUNT,
        definition="Reactions received.",
        sql=count_of("kind = 'reaction_received'"),
        bands=Bands((0, 1, 2, 3, 5, 8, 13, 20, 50, 100, 200), (0, 1, 3, 8, 50), weight=0.3),
    )
)
