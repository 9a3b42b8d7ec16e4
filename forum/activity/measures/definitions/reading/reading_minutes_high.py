"""Visible reading time, at most."""

from forum.activity.measures.event_conditions import sum_of
from forum.activity.measures.measure import DIRECT_COUNT, PersonMeasure, enter
from forum.activity.measures.measures_in_releases import Bands
from forum.core.translation import lazy

enter(
    PersonMeasure(
        name="reading_minutes_high",
        label=lazy("Reading time, at most"),
        construct="reading",
        version=1,
        unit="minutes",
        source=DIRECT_COUNT,
        definition="Visible reading time, by the longest possible time. A page opened without "
        "JavaScript adds 0.",
        sql=sum_of("seconds_high", "kind = 'thread_read'", divisor=60),
        bands=Bands(
            (0, 1, 10, 30, 60, 120, 240, 480, 960, 1920, 3840, 7680),
            (0, 1, 30, 120, 480, 1920, 7680),
            is_hidden=True,
            is_noisy=True,
            is_dose=True,
        ),
    )
)
