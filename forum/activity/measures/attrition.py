"""Who stays: leaving the study and no longer using the forum, told apart."""

from typing import TYPE_CHECKING, NamedTuple

from forum.activity.measures.record import Record
from forum.activity.measures.registry import measure

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SILENCE_DAYS = 28
EYSENBACH = "Eysenbach 2005, the law of attrition"
KAPLAN_MEIER = "Kaplan and Meier 1958"

# For each person the days from joining to the end, and whether it ended or we stopped looking.
DROP_OUT = """
SELECT coalesce(least(left_day, {days}), {days}) - joined_day AS days,
       left_day IS NOT NULL AND left_day < {days} AS ended
FROM people
"""
NON_USAGE = """
SELECT if(last_day < {days} - {silence}, last_day + 1, {days}) - joined_day AS days,
       last_day < {days} - {silence} AS ended
FROM people JOIN totals USING (participant)
"""


class Step(NamedTuple):
    """A day after joining: how many were still looked at, and the share that stays past it."""

    day: int
    at_risk: int
    ended: int
    stay: float


@measure("attrition", "people", EYSENBACH)
def dropped_out(record: Record) -> float | None:
    """People who left the study within the time looked at."""
    return record.number(f"SELECT count(*) FILTER (ended) FROM ({drop_out(record)})")  # noqa: S608


@measure("attrition", "people", EYSENBACH)
def stopped_using(record: Record) -> float | None:
    """People without any act of their own in the last 28 days looked at, or longer."""
    return record.number(f"SELECT count(*) FILTER (ended) FROM ({non_usage(record)})")  # noqa: S608


@measure("attrition", "days", f"{EYSENBACH}; {KAPLAN_MEIER}")
def usage_half_life(record: Record) -> float | None:
    """Days after joining until half have stopped using the forum, by the Kaplan-Meier curve.

    None while more than half still use it.
    """
    curve = kaplan_meier(record.base, non_usage(record))
    return next((float(step.day) for step in curve if step.stay <= 0.5), None)


def drop_out(record: Record) -> str:
    """Return the question for how long each person stayed in the study."""
    return DROP_OUT.format(days=record.window.days)


def non_usage(record: Record) -> str:
    """Return the question for how long each person used the forum; 28 silent days end it."""
    return NON_USAGE.format(days=record.window.days, silence=SILENCE_DAYS)


def kaplan_meier(base: "DuckDBPyConnection", lives: str) -> list[Step]:
    """Return the curve for a question's columns days and ended, a step for each day with an end.

    People who are no longer looked at count as at risk up to and with their last day.
    """
    rows = base.execute(
        "WITH daily AS (SELECT days, count(*) AS people, count(*) FILTER (ended) AS ended "  # noqa: S608
        f"FROM ({lives}) GROUP BY days), risk AS (SELECT days, ended, "
        "sum(people) OVER (ORDER BY days DESC) AS at_risk FROM daily) "
        "SELECT days, at_risk, ended FROM risk WHERE ended > 0 ORDER BY days"
    ).fetchall()
    steps, stay = list[Step](), 1.0
    for day, at_risk, ended in rows:
        stay *= 1 - ended / at_risk
        steps.append(Step(int(day), int(at_risk), int(ended), stay))
    return steps
