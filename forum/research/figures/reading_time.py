"""How long people read, between two bounds, and how many come as often as frequent users do."""

from forum.activity.measures.definitions.dose.frequent_users import frequent_users
from forum.activity.measures.study_record import Record
from forum.activity.small_cells import (
    FEW_MOST,
    both_sides_in_words,
    in_words,
    rounded_both_sides,
    rounded_count,
)
from forum.research.figures.charts.chart import Bar, BarChart
from forum.research.figures.figure import TO, Figure, banded, described, people

HOURS = [
    ("none", 0),
    ("to 0.5", 1),
    (f"0.5{TO}2", 30),
    (f"2{TO}5", 120),
    (f"5{TO}20", 300),
    ("20+", 1200),
]


def reading_time(record: Record) -> Figure:
    """Return how many people have read for how long, at least and at most."""
    least, most = (
        [
            rounded_count(count)
            for _, count in banded(record, f"floor(reading_minutes_{bound})", HOURS)
        ]
        for bound in ("low", "high")
    )
    labels = [words for words, _ in HOURS]
    everyone = people(record)
    count = rounded_both_sides(int(frequent_users(record) or 0), everyone)
    frequent = both_sides_in_words(count)
    return Figure(
        "reading-time",
        "Time spent reading",
        "Time counts while a page is visible, in focus and has a post on screen: at least between "
        "signs of life, at most until a minute after the last. Of "
        f"{described(rounded_count(everyone))}, {frequent} were frequent users as Houston and "
        "others have it: visits of five or more hours within two weeks.",
        BarChart(
            [
                Bar(label, pair, [in_words(count) for count in pair])
                for label, *pair in zip(labels, least, most, strict=True)
            ],
            "People, by hours read",
            hidden_most=FEW_MOST,
            names=("At least", "At most"),
        ),
        ["Hours read", "People, by the least", "People, by the most"],
        [
            *(
                [words, in_words(low), in_words(high)]
                for words, low, high in zip(labels, least, most, strict=True)
            ),
            ["Frequent users", "does not apply", frequent],
        ],
    )
