"""The figures of a researcher's page: for each a drawing, its words, and the numbers beneath.

Everything that leaves here has been through `activity/small_cells.py`: the drawings are made from
the told numbers, never from the true ones.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from forum.activity import measures
from forum.activity.measures import suppression
from forum.activity.measures.snapshot_reader import opened
from forum.activity.measures.study_record import Record, Window
from forum.activity.measures.suppression import Suppressed
from forum.activity.small_cells import FEW_MOST, FEW_ON_EITHER_SIDE
from forum.core.translation import _, formats, lazy
from forum.research.figures import (
    inequality,
    participation,
    reading_time,
    retention,
    tenure,
)
from forum.research.figures.figure import Figure, people

Draw = Callable[[Record], Figure]
UNITS = {
    "people": lazy("people"),
    "days": lazy("days"),
    "minutes": lazy("minutes"),
    "share": lazy("share"),
    "slope": lazy("slope"),
    "0 to 1": lazy("0 to 1"),
}
# Why there is no value: files say it in English.
REASONS = {
    suppression.TOO_FEW: lazy("Too few people are behind it, or mostly one."),
    suppression.NO_VALUE: lazy("No value: see its definition."),
    f"{FEW_ON_EITHER_SIDE}.": lazy("Too few people, or all but a few."),
}


def every_measure(record: Record) -> Figure:
    """Return what may be told of each measure, with its version and definition."""
    rows = []
    for name, one in measures.study_measures().items():
        value, unit = _value(suppression.suppressed(record, one), one.unit), str(UNITS[one.unit])
        rows.append([name, value, unit, str(one.version), one.definition.replace("`", "")])
    return Figure(
        "measures",
        _("All measures"),
        _(
            "These are all %(number)s measures of a study as a whole. The guide for researchers "
            "gives their sources. In a report, give name and version with each number.",
            number=len(rows),
        ),
        None,
        [_("Measure"), _("Value"), _("Unit"), _("Version"), _("Definition")],
        rows,
    )


def _value(told: Suppressed, unit: str) -> str:
    if told.value is None:
        return str(REASONS[told.reason])
    if unit == "share":
        return formats.percent(told.value)
    return formats.number(told.value, exact=True)


# In the order of the page, each with the measures of the registry that it draws.
FIGURES: Mapping[Draw, Sequence[str]] = {
    participation.participation: ("active_weeks", "active_days", "posts"),
    participation.lurkers: ("lurkers_no_posts", "lurkers_below_top_tenth"),
    participation.active_days: ("active_days",),
    reading_time.reading_time: ("reading_minutes_low", "reading_minutes_high", "frequent_users"),
    inequality.lorenz: ("gini", "share_of_top_hundredth", "share_of_next_nine", "share_of_ninety"),
    inequality.zipf: ("zipf_slope", "zipf_r2"),
    retention.retention: ("stopped_using", "dropped_out"),
    tenure.coming_back: ("active_days",),
    retention.reply_times: ("minutes_to_first_reply", "minutes_until_half_answered"),
    every_measure: tuple(measures.study_measures()),
}


def figures(folder: Path, window: Window, only: Collection[int] | None = None) -> list[Figure]:
    """Return all figures of a snapshot, in the order of the page; none for too few people.

    With `only`, they are of these participants alone.
    """
    with opened(folder, window, only) as record:
        if people(record) <= FEW_MOST:
            return []
        return [draw(record) for draw in FIGURES]
