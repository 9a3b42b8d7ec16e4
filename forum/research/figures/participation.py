"""How many take part: week by week, by three definitions of lurkers, and by active days."""

from forum.activity.measures.definitions.lurking.lurkers_below_top_tenth import (
    lurkers_below_top_tenth,
)
from forum.activity.measures.definitions.lurking.lurkers_no_posts import lurkers_no_posts
from forum.activity.measures.panels import panel
from forum.activity.measures.study_record import WEEK, Record
from forum.activity.small_cells import (
    both_sides_in_words,
    in_words,
    rounded_both_sides,
    rounded_count,
    sum_shown,
)
from forum.research.figures.charts.chart import Bar, BarChart, LineChart, Point
from forum.research.figures.figure import TO, Figure, banded, count_bars, described, people

DAYS = [
    ("0", 0),
    ("1", 1),
    (f"2{TO}3", 2),
    (f"4{TO}7", 4),
    (f"8{TO}14", 8),
    (f"15{TO}28", 15),
    (f"29{TO}56", 29),
    ("57+", 57),
]


def participation(record: Record) -> Figure:
    """Return how many people used the forum, and how many wrote, in each whole week."""
    weeks = record.window.days // WEEK
    by_week = panel(record, "weekly").aggregate(
        "period, count(*) FILTER (active_weeks > 0), count(*) FILTER (posts > 0)", "period"
    )
    found = {
        int(week): (rounded_count(int(used)), rounded_count(int(wrote)))
        for week, used, wrote in by_week.fetchall()
    }
    rows = [(week + 1, *found.get(week, (None, None))) for week in range(weeks)]
    chart = LineChart(
        {
            "Used the forum": [Point(week, used) for week, used, _ in rows],
            "Wrote": [Point(week, wrote) for week, _, wrote in rows],
        },
        "Week",
        "People",
        "count",
    )
    peak = max(rows, key=lambda row: row[1] or 0)
    summary = (
        f"The busiest of {weeks} weeks was week {peak[0]}, in which about {peak[1]} people used "
        "the forum."
        if peak[1]
        else "In every week 7 or fewer people used the forum."
    )
    return Figure(
        "participation",
        "People taking part, week by week",
        f"{summary} {_typical_day(record)}",
        chart,
        ["Week", "Used the forum", "Wrote"],
        [[str(week), in_words(used), in_words(wrote)] for week, used, wrote in rows],
    )


def _typical_day(record: Record) -> str:
    """Say how many people used the forum on the middle one of all days, by their number."""
    by_day = panel(record, "daily").aggregate(
        "period, count(*) FILTER (active_days > 0) AS active", "period"
    )
    [(active,)] = by_day.aggregate("median(active)").fetchall()
    shown = rounded_count(int(active or 0))
    return f"On a typical day {'about ' if shown else ''}{described(shown)} did."


def lurkers(record: Record) -> Figure:
    """Return how many count as lurkers by each definition that can be computed."""
    everyone = people(record)
    found = [
        ("No posts", rounded_both_sides(int(lurkers_no_posts(record) or 0), everyone)),
        (
            "Not in the top tenth",
            rounded_both_sides(int(lurkers_below_top_tenth(record) or 0), everyone),
        ),
    ]
    silent, below = (both_sides_in_words(shown) for _, shown in found)
    return Figure(
        "lurkers",
        "Lurkers by three definitions",
        f"Of {described(rounded_count(everyone))}, {silent} have no posts, and {below} are not in "
        "the tenth with the most posts. The third definition is what people call themselves; "
        "nobody has been asked.",
        BarChart(
            [
                Bar(words, [shown], ["not told" if shown is None else in_words(shown)])
                for words, shown in found
            ],
            "People, by definition",
        ),
        ["Definition", "People"],
        [[words, both_sides_in_words(shown)] for words, shown in found]
        + [["By their own word", "not asked"]],
    )


def active_days(record: Record) -> Figure:
    """Return how many people were active on how many days."""
    found = [(words, rounded_count(count)) for words, count in banded(record, "active_days", DAYS)]
    shown = [count for _, count in found]
    most = max(found, key=lambda band: band[1] or 0)
    return Figure(
        "active-days",
        "Days on which people were active",
        f"The most common is {most[0]} days, with {described(most[1])}."
        if most[1]
        else "No number of days is shared by more than 7 people.",
        count_bars("People, by active days", found),
        ["Active days", "People"],
        [[words, in_words(count)] for words, count in found]
        + [["All that are told", f"{sum_shown(shown):,}"]],
    )
