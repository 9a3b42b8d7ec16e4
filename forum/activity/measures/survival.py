"""How long until something happens, where for some it had not happened when we stopped looking."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KAPLAN_MEIER = "Kaplan and Meier 1958"
ROUNDING = 1e-9


class Step(NamedTuple):
    """A time: how many were still looked at, how many ended then, and the share that is left."""

    time: float
    at_risk: int
    ended: int
    stay: float


def kaplan_meier(base: "DuckDBPyConnection", lives: str) -> list[Step]:
    """Return the curve for a question's columns time and ended, a step for each time with an end.

    Who is no longer looked at counts as at risk up to and with the time at which that ended.
    """
    rows = base.execute(
        "WITH each AS (SELECT time, count(*) AS people, count(*) FILTER (ended) AS ended "  # noqa: S608
        f"FROM ({lives}) GROUP BY time), risk AS (SELECT time, ended, "
        "sum(people) OVER (ORDER BY time DESC) AS at_risk FROM each) "
        "SELECT time, at_risk, ended FROM risk WHERE ended > 0 ORDER BY time"
    ).fetchall()
    steps, stay = list[Step](), 1.0
    for time, at_risk, ended in rows:
        stay *= 1 - ended / at_risk
        steps.append(Step(float(time), int(at_risk), int(ended), stay))
    return steps


def median(curve: list[Step]) -> float | None:
    """Return the first time at which half or fewer are left, or None where more are at the end."""
    return next((step.time for step in curve if step.stay <= 0.5 + ROUNDING), None)
