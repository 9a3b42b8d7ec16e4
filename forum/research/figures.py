"""The figures of a researcher's page: for each a drawing, its words, and the numbers beneath.

Everything that leaves here has been through `activity/small_cells.py`: the drawings are made from
the told numbers, never from the true ones.
"""

from collections.abc import Collection
from pathlib import Path

from forum.activity.measures.record import Window, opened
from forum.activity.small_cells import FEW_MOST
from forum.research import (
    figure_measures,
    figure_spread,
    figure_staying,
    figure_taking_part,
    figure_tenure,
    figure_time,
)
from forum.research.figure import Figure, people


def figures(folder: Path, window: Window, only: Collection[int] | None = None) -> list[Figure]:
    """Return all figures of a snapshot, in the order of the page; none for too few people.

    With `only`, they are of these participants alone.
    """
    with opened(folder, window, only) as record:
        if people(record) <= FEW_MOST:
            return []
        return [
            figure_taking_part.participation(record),
            figure_taking_part.lurkers(record),
            figure_taking_part.active_days(record),
            figure_time.reading_time(record),
            figure_spread.lorenz(record),
            figure_spread.zipf(record),
            figure_staying.retention(record),
            figure_tenure.coming_back(record),
            figure_staying.reply_times(record),
            figure_measures.every_measure(record),
        ]
