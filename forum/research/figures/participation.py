"""How many take part: week by week, by three definitions of lurkers, and by active days."""

from forum.activity.measures.definitions.lurking.lurkers_below_top_tenth import (
    lurkers_below_top_tenth,
)
from forum.activity.measures.definitions.lurking.lurkers_no_posts import lurkers_no_posts
from forum.activity.measures.panels import panel
from forum.activity.measures.study_record import WEEK, Record
from forum.activity.small_cells import (
    FEW_MOST,
    rounded_both_sides,
    rounded_count,
    sum_shown,
)
from forum.core.translation import _, formats
from forum.research.figures.charts.chart import Bar, BarChart, LineChart, Point
from forum.research.figures.figure import (
    TO,
    Figure,
    banded,
    both_sides_in_words,
    count_bars,
    in_words,
    people,
)

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
        "period, count(*), count(*) FILTER (active_weeks > 0), count(*) FILTER (posts > 0)",
        "period",
    )
    found = {
        int(week): (rounded_count(there), rounded_count(used), rounded_count(wrote))
        for week, there, used, wrote in by_week.fetchall()
    }
    rows = [(week + 1, *found.get(week, (None, None, None))) for week in range(weeks)]
    chart = LineChart(
        {
            _("Used the forum"): [Point(week, used) for week, _there, used, _wrote in rows],
            _("Wrote"): [Point(week, wrote) for week, _there, _used, wrote in rows],
            _("In the study"): [Point(week, there) for week, there, _used, _wrote in rows],
        },
        _("Week"),
        _("People"),
        "count",
    )
    peak = max(rows, key=lambda row: row[2] or 0)
    summary = (
        _(
            "When most people used the forum, about %(people)s of the %(there)s participants of "
            "that week did. People join and leave the study, so a rising curve alone isn't growth.",
            people=in_words(peak[2]),
            there=in_words(peak[1]),
        )
        if peak[2]
        else _("In every week, %(most)s or fewer people used the forum.", most=FEW_MOST)
    )
    return Figure(
        "participation",
        _("Participants who were active, week by week"),
        f"{summary} {_typical_day(record)}",
        chart,
        [_("Week"), _("In the study"), _("Used the forum"), _("Wrote")],
        [
            [str(week), in_words(there), in_words(used), in_words(wrote)]
            for week, there, used, wrote in rows
        ],
    )


def _typical_day(record: Record) -> str:
    """Say how many people used the forum on the middle one of all days, by their number."""
    by_day = panel(record, "daily").aggregate(
        "period, count(*) FILTER (active_days > 0) AS active", "period"
    )
    [(active,)] = by_day.aggregate("median(active)").fetchall()
    shown = rounded_count(int(active or 0))
    if shown is None:
        return _("On a typical day, %(most)s or fewer people used the forum.", most=FEW_MOST)
    return _("On a typical day, about %(people)s people used the forum.", people=in_words(shown))


def lurkers(record: Record) -> Figure:
    """Return how many count as lurkers by each definition that can be computed."""
    everyone = people(record)
    found = [
        (_("No posts"), rounded_both_sides(int(lurkers_no_posts(record) or 0), everyone)),
        (
            _("Not in the top 10% by posts"),
            rounded_both_sides(int(lurkers_below_top_tenth(record) or 0), everyone),
        ),
    ]
    silent, below = (both_sides_in_words(shown) for _label, shown in found)
    return Figure(
        "lurkers",
        _("Lurkers by three definitions"),
        _(
            "People counted: %(people)s. With no posts in this period: %(silent)s. Not in the top "
            "10%% by posts: %(below)s, by construction about 90%% of people. The third definition "
            "is what people call themselves, but nobody has been asked.",
            people=in_words(rounded_count(everyone)),
            silent=silent,
            below=below,
        ),
        BarChart(
            [
                Bar(words, [shown], [_("hidden") if shown is None else in_words(shown)])
                for words, shown in found
            ],
            _("People, by definition"),
        ),
        [_("Definition"), _("People")],
        [[words, both_sides_in_words(shown)] for words, shown in found]
        + [[_("What they call themselves"), _("not asked")]],
    )


def active_days(record: Record) -> Figure:
    """Return how many people were active on how many days."""
    found = [(words, rounded_count(count)) for words, count in banded(record, "active_days", DAYS)]
    shown = [count for _label, count in found]
    most = max(found, key=lambda band: band[1] or 0)
    return Figure(
        "active-days",
        _("Days on which people were active"),
        _(
            "The band with the most people is %(days)s active days, with about %(people)s. The "
            "bands differ in width, and people have been in the study for different lengths of "
            "time.",
            days=most[0],
            people=in_words(most[1]),
        )
        if most[1]
        else _("No number of days is shared by more than %(most)s people.", most=FEW_MOST),
        count_bars(_("People, by active days"), found),
        [_("Active days"), _("People")],
        [[words, in_words(count)] for words, count in found]
        + [[_("Sum of the numbers shown"), formats.number(sum_shown(shown))]],
    )
