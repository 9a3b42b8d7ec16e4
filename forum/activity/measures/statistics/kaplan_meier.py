"""How long until something happens, where follow-up ended for some before it did."""

from typing import NamedTuple

from forum.activity.measures.study_record import Record

KAPLAN_MEIER = "Kaplan and Meier 1958"
ROUNDING = 1e-9


class Step(NamedTuple):
    """A time: how many were at risk, how many had the event then, and the share that survives."""

    time: float
    at_risk: int
    events: int
    survival: float


def kaplan_meier(record: Record, follow_up: str) -> list[Step]:
    """Return the curve for a query's columns time and ended, a step for each time with an event.

    Who is censored at a time is still at risk at that time.
    """
    rows = record.base.execute(
        "WITH each AS (SELECT time, count(*) AS people, count(*) FILTER (ended) AS events "  # noqa: S608
        f"FROM ({follow_up}) GROUP BY time), risk AS (SELECT time, events, "
        "sum(people) OVER (ORDER BY time DESC) AS at_risk FROM each) "
        "SELECT time, at_risk, events FROM risk WHERE events > 0 ORDER BY time"
    ).fetchall()
    steps, survival = list[Step](), 1.0
    for time, at_risk, events in rows:
        survival *= 1 - events / at_risk
        steps.append(Step(float(time), int(at_risk), int(events), survival))
    return steps


def median(curve: list[Step]) -> float | None:
    """Return the first time at which half or fewer survive, or None where more do at the end."""
    return next((step.time for step in curve if step.survival <= 0.5 + ROUNDING), None)
