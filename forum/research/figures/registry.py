"""The figures of a researcher's page: for each a drawing, its words, and the numbers beneath.

Everything that leaves here has been through `activity/small_cells.py`: the drawings are made from
the told numbers, never from the true ones.
"""

from collections.abc import Collection
from pathlib import Path

from forum.activity.measures.record import Window, opened
from forum.activity.small_cells import FEW_MOST
from forum.research.figures import (
    inequality,
    measures_table,
    participation,
    reading_time,
    retention,
    tenure,
)
from forum.research.figures.figure import Figure, people


def figures(folder: Path, window: Window, only: Collection[int] | None = None) -> list[Figure]:
    """Return all figures of a snapshot, in the order of the page; none for too few people.

    With `only`, they are of these participants alone.
    """
    with opened(folder, window, only) as record:
        if people(record) <= FEW_MOST:
            return []
        return [
            participation.participation(record),
            participation.lurkers(record),
            participation.active_days(record),
            reading_time.reading_time(record),
            inequality.lorenz(record),
            inequality.zipf(record),
            retention.retention(record),
            tenure.coming_back(record),
            retention.reply_times(record),
            measures_table.every_measure(record),
        ]
