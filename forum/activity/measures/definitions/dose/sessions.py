"""Visits to the study's groups; half an hour of silence ends one."""

from forum.activity.measures.event_conditions import count_of
from forum.activity.measures.measure import DIRECT_COUNT, PersonMeasure, enter
from forum.activity.measures.measures_in_releases import Bands
from forum.core.translation import lazy

enter(
    PersonMeasure(
        name="sessions",
        label=lazy("Visits"),
        construct="dose",
        version=1,
        unit="visits",
        source=DIRECT_COUNT,
        definition="Visits to the study's groups. A visit ends after half an hour without reading.",
        sql=count_of("kind = 'session'"),
        # Visits follow active days: only fine bands can differ among people who are alike there.
        bands=Bands(
            (0, 1, 2, 3, 5, 7, 10, 14, 20, 30, 45, 70, 100, 150, 220, 300, 500, 1000),
            (0, 3, 10, 30, 100, 300, 1000),
            is_hidden=True,
            is_noisy=True,
            is_dose=True,
        ),
    )
)
