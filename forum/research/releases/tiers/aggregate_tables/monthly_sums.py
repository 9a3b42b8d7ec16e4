"""Tier A's second table: what was done in each four weeks, and by how many.

A sum is left empty where it tells of few, or mostly of one (`small_cells.is_disclosive`). Each four
weeks are in one release alone, when they are over: the same sum published twice would reveal people
who came or went in between.
"""

import pyarrow as pa

from forum.activity import measures
from forum.activity.measures.measure import PersonMeasure
from forum.activity.measures.panels import keep_panel
from forum.activity.measures.study_record import MONTH, Record
from forum.activity.small_cells import is_disclosive, rounded_to_step
from forum.research.releases.package.schema import Field, Table

ABOUT = "What was done in each four weeks."
SUMS = """
SELECT month, count(*), sum({name}), max({name}), coalesce(sum({name}) FILTER (place > 2), 0)
FROM (SELECT period AS month, {name},
             row_number() OVER (PARTITION BY period ORDER BY {name} DESC) AS place
      FROM done WHERE {name} > 0 AND period >= {first} AND period < {over})
GROUP BY month ORDER BY month
"""

NOBODY = (0, 0, 0, 0)


def summed() -> dict[str, PersonMeasure]:
    """Return the measures that are summed, by name."""
    return {name: one for name, one in measures.person_measures().items() if one.is_summed}


def participation(record: Record, released: int) -> Table:
    """Return the table, without the first months that earlier releases `released`.

    The record must hold those alone who share.
    """
    keep_panel(record, "monthly", "done")
    over = record.window.days_over // MONTH
    rows: list[dict[str, object]] = []
    for name, one in summed().items():
        total = 0
        query = SUMS.format(name=name, first=released, over=over)
        found = {month: rest for month, *rest in record.base.execute(query).fetchall()}
        for month in range(released, over):  # also where nobody did it: a missing line would say so
            people, amount, greatest, others = found.get(month, NOBODY)
            hidden = is_disclosive(people, amount, greatest, others)
            shown = 0 if hidden else rounded_to_step(amount, people)
            total += shown
            rows.append(
                {
                    "month": month + 1,
                    "measure": name,
                    "unit": one.unit,
                    "people": rounded_to_step(people, people) or None,
                    "amount": shown or None,
                }
            )
        rows.append({"month": None, "measure": name, "unit": one.unit, "amount": total or None})
    types = {"month": pa.int64(), "people": pa.int64(), "amount": pa.int64()}
    names = ("month", "measure", "unit", "people", "amount")
    schema = pa.schema([(name, types.get(name, pa.string())) for name in names])
    return Table("participation", ABOUT, _fields(), pa.Table.from_pylist(rows, schema).to_batches)


def _fields() -> tuple[Field, ...]:
    definitions = " ".join(
        f"{name}: {one.definition} (version {one.version})" for name, one in summed().items()
    )
    return (
        Field(
            "month",
            "integer",
            "Four weeks, counted from the first day, once they are over; empty for the sum. Those "
            "that an earlier release told are in that one.",
        ),
        Field("measure", "string", f"What is summed. {definitions}"),
        Field("unit", "string", "The unit of the amount."),
        Field(
            "people", "integer", "People who did it, rounded to 5; empty for 7 or fewer, or nobody."
        ),
        Field(
            "amount",
            "integer",
            "The sum, rounded to 5; empty for 7 people or fewer, and where the part of one could "
            "be worked out.",
        ),
    )
