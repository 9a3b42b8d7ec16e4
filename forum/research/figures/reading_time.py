"""How long people read, between two bounds, and how many come as often as frequent users do."""

from forum.activity.measures.definitions.dose.frequent_users import frequent_users
from forum.activity.measures.study_record import Record
from forum.activity.small_cells import FEW_MOST, rounded_both_sides, rounded_count
from forum.core.translation import _, formats
from forum.research.figures.charts.chart import Bar, BarChart
from forum.research.figures.figure import (
    TO,
    Figure,
    banded,
    both_sides_in_words,
    in_words,
    people,
)


def _bands() -> list[tuple[str, int]]:
    """Return bands of hours, each with its lowest number of minutes."""
    half = formats.number(0.5)
    return [
        (_("none"), 0),
        (_("up to %(hours)s", hours=half), 1),
        (f"{half}{TO}2", 30),
        (f"2{TO}5", 120),
        (f"5{TO}20", 300),
        ("20+", 1200),
    ]


def reading_time(record: Record) -> Figure:
    """Return how many people have read for how long, at least and at most."""
    bands = _bands()
    least, most = (
        [
            rounded_count(count)
            for _label, count in banded(record, f"floor(reading_minutes_{bound})", bands)
        ]
        for bound in ("low", "high")
    )
    labels = [words for words, _low in bands]
    everyone = people(record)
    count = rounded_both_sides(int(frequent_users(record) or 0), everyone)
    frequent = both_sides_in_words(count)
    return Figure(
        "reading-time",
        _("Time spent reading"),
        _(
            "Time counts while a page is visible, in focus and has a post on screen. The shortest "
            "possible time runs between two signs of activity, the longest to a minute after the "
            "last. The true time lies between them. People counted: %(people)s. Frequent users "
            "(visits of five hours or more in total within two weeks, by the longest time): "
            "%(frequent)s. Houston and others asked people instead, so the numbers don't compare.",
            people=in_words(rounded_count(everyone)),
            frequent=frequent,
        ),
        BarChart(
            [
                Bar(label, pair, [in_words(count) for count in pair])
                for label, *pair in zip(labels, least, most, strict=True)
            ],
            _("People, by hours read"),
            hidden_most=FEW_MOST,
            names=(_("Shortest possible"), _("Longest possible")),
        ),
        [
            _("Hours read"),
            _("People, by shortest possible time"),
            _("People, by longest possible time"),
        ],
        [
            *(
                [words, in_words(low), in_words(high)]
                for words, low, high in zip(labels, least, most, strict=True)
            ),
            [_("Frequent users"), _("does not apply"), frequent],
        ],
    )
