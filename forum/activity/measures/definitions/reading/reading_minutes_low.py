"""Visible reading time, at least."""

from forum.activity.measures.event_conditions import sum_of
from forum.activity.measures.measure import DIRECT_COUNT, PersonMeasure, enter
from forum.activity.measures.measures_in_releases import Bands
from forum.core.translation import lazy

enter(
    PersonMeasure(
        name="reading_minutes_low",
        label=lazy("Reading time, at least"),
        construct="reading",
        version=1,
        unit="minutes",
        source=DIRECT_COUNT,
        definition="Visible reading time, by the shortest possible time. A page opened without "
        "JavaScript adds 0.",
        sql=sum_of("seconds_low", "kind = 'thread_read'", divisor=60),
        bands=Bands(
            (0, 1, 10, 30, 60, 120, 240, 480, 960, 1920, 3840, 7680),
            (0, 1, 30, 120, 480, 1920, 7680),
            is_hidden=True,
            is_dose=True,
        ),
    )
)
