"""Who comes back, by the weeks since they joined."""

from forum.activity.measures.panels import keep_panel
from forum.activity.measures.study_record import WEEK, Record
from forum.activity.small_cells import (
    FEW_MOST,
    rounded_both_sides,
    rounded_count,
    rounded_share,
)
from forum.core.translation import _, formats
from forum.research.figures.charts import intervals
from forum.research.figures.charts.chart import LineChart, Point
from forum.research.figures.figure import TOO_FEW, Figure, in_words, share_in_words

EACH, STEP = 4, 4  # every week of the first four, then every fourth
# Whole weeks in which a newcomer of this time could be seen, and whether they came.
WEEKS = (
    "SELECT period + 1 AS week, count(*) AS people, count(*) FILTER (active_days > 0) AS came "  # noqa: S608
    "FROM since JOIN people USING (participant) "
    f"WHERE is_new AND joined_day + (period + 1) * {WEEK} <= over_day GROUP BY week ORDER BY week"
)


def coming_back(record: Record) -> Figure:
    """Return the share of people who used the forum in each week since they joined."""
    title, columns = (
        _("Coming back, by weeks since joining"),
        [_("Week"), _("People"), _("Used the forum"), _("95% interval")],
    )
    keep_panel(record, "since_joining", "since")
    found = record.base.execute(WEEKS).fetchall()
    rows = [
        _told(int(week), int(people), int(came))
        for week, people, came in found
        if people > FEW_MOST and (week <= EACH or week % STEP == 0)
    ]
    known = [(point.x, point.y, point.interval) for _people, point in rows if point.y is not None]
    if len(rows) < 2 or not known:
        return Figure("coming-back", title, str(TOO_FEW), None, columns, [])
    last, share, interval = known[-1]
    return Figure(
        "coming-back",
        title,
        _(
            "In week %(week)s after joining, %(share)s (95%% interval %(interval)s) used the "
            "forum, of the people who were in the study for all of that week. Only people whose "
            "joining in this period is recorded count.",
            week=formats.number(last),
            share=formats.percent(share),
            interval=intervals.in_words(interval),
        ),
        LineChart(
            {_("Used the forum"): [point for _people, point in rows]},
            _("Weeks since joining"),
            _("Share of people"),
            "share",
        ),
        columns,
        [
            [
                f"{point.x:g}",
                in_words(people),
                share_in_words(point.y),
                intervals.in_words(point.interval),
            ]
            for people, point in rows
        ],
    )


def _told(week: int, people: int, came: int) -> tuple[int, Point]:
    """Return the figures of a week: how many could come, and the share that did.

    There is no share where the people who came, or the others, are few.
    """
    told = rounded_count(people) or 0
    if rounded_both_sides(came, people) is None:
        return told, Point(week, None)
    share = rounded_share(came / people, people)
    return told, Point(week, share, intervals.share_interval(share, told))
