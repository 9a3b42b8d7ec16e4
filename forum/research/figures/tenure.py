"""Who comes back, by the weeks since they joined."""

from forum.activity.measures.panels import keep_panel
from forum.activity.measures.study_record import WEEK, Record
from forum.activity.small_cells import (
    FEW_MOST,
    in_words,
    rounded_both_sides,
    rounded_count,
    rounded_share,
)
from forum.research.figures import charts
from forum.research.figures.figure import TOO_FEW, Figure

EACH, STEP = 4, 4  # every week of the first four, then every fourth
# Whole weeks in which somebody who is new in this time could be seen, and whether they came.
WEEKS = (
    "SELECT period + 1 AS week, count(*) AS people, count(*) FILTER (active_days > 0) AS came "  # noqa: S608
    "FROM since JOIN people USING (participant) "
    f"WHERE is_new AND joined_day + (period + 1) * {WEEK} <= over_day GROUP BY week ORDER BY week"
)


def coming_back(record: Record) -> Figure:
    """Return the share of people who used the forum in each week since they joined."""
    title, columns = "Coming back, by weeks since joining", ["Week", "People", "Used the forum"]
    keep_panel(record, "since_joining", "since")
    found = record.base.execute(WEEKS).fetchall()
    rows = [
        (int(week), int(people), _share(int(came), int(people)))
        for week, people, came in found
        if people > FEW_MOST and (week <= EACH or week % STEP == 0)
    ]
    known = [(week, share) for week, _, share in rows if share is not None]
    if len(rows) < 2 or not known:
        return Figure("coming-back", title, TOO_FEW, None, columns, [])
    last, share = known[-1]
    return Figure(
        "coming-back",
        title,
        f"In week {last} after joining {share:.0%} of people used the forum. Only people who "
        "joined in this period count, and only whole weeks in which they were in the study.",
        charts.lines(
            {"Used the forum": [(week, share) for week, _, share in rows]},
            [(week, str(week)) for week, _, _ in rows],
            [(value / 4, f"{value * 25}%") for value in range(5)],
            "Weeks since joining",
        ),
        columns,
        [
            [
                str(week),
                in_words(rounded_count(people)),
                TOO_FEW if share is None else f"{share:.0%}",
            ]
            for week, people, share in rows
        ],
    )


def _share(came: int, people: int) -> float | None:
    """Return what is told of the share that came; nothing where those, or the others, are few."""
    return (
        None if rounded_both_sides(came, people) is None else rounded_share(came / people, people)
    )
