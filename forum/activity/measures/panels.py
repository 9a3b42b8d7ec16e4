"""Panels: a row for each person and period from joining on, with every measure, zeros as zeros."""

from typing import TYPE_CHECKING

from forum.activity import measures
from forum.activity.measures.study_record import MONTH, WEEK, Record

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

# The column of the acts that says in which period they fell, and the days that a period has.
SPANS = {
    "daily": ("day", 1),
    "weekly": ("week", WEEK),
    "monthly": ("month", MONTH),
    "since_joining": ("week_since", WEEK),
}


def panel(record: Record, span: str) -> "DuckDBPyRelation":
    """Return columns participant, period (from 0) and measures; a row per person and period.

    `span` is one of SPANS. Periods since joining are weeks. Computed when it is asked for.
    """
    column, days = SPANS[span]
    told = [
        one
        for one in measures.person_measures().values()
        if not (column == "day" and one.shortest == "week")
    ]
    computed = ", ".join(f"{one.sql} AS {one.name}" for one in told)
    zeros = ", ".join(f"coalesce({one.name}, 0) AS {one.name}" for one in told)
    last = record.window.days - 1
    periods = (
        f"range(0, ({last} - joined_day) // {days} + 1)"
        if span == "since_joining"
        else f"range(joined_day // {days}, {last} // {days} + 1)"
    )
    return record.base.sql(
        f"WITH done AS (SELECT participant, {column} AS period, {computed} FROM acts GROUP BY ALL) "  # noqa: S608
        f"SELECT participant, period, {zeros} "
        f"FROM (SELECT participant, unnest({periods}) AS period FROM people) "
        "LEFT JOIN done USING (participant, period)"
    )


def keep_panel(record: Record, span: str, name: str) -> None:
    """Compute a panel into a temporary table, which this record alone knows."""
    record.base.execute(f"CREATE TEMP TABLE {name} AS {panel(record, span).sql_query()}")
