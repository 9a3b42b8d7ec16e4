"""The sums of a release of aggregates with noise, as a table."""

import pyarrow as pa

from forum.activity import measures
from forum.research.releases.disclosure.differential_privacy.noise import BOUNDS
from forum.research.releases.package.schema import Field, Table

_MEASURES = measures.person_measures()


def table(released: dict[str, list[int | None]]) -> Table:
    """Return the sums as published: by measure those of each four weeks, and the total last."""
    rows = [
        {"month": month, "measure": name, "unit": _MEASURES[name].unit, "amount": amount}
        for name, amounts in released.items()
        for month, amount in [*enumerate(amounts[:-1], 1), (None, amounts[-1])]
    ]
    types = {"month": pa.int64(), "amount": pa.int64()}
    names = ("month", "measure", "unit", "amount")
    schema = pa.schema([(name, types.get(name, pa.string())) for name in names])
    fields = (
        Field("month", "integer", "Four weeks, counted from the first day; empty for the sum."),
        Field("measure", "string", f"What is summed. {_definitions()}"),
        Field("unit", "string", "The unit of the amount."),
        Field(
            "amount",
            "integer",
            "The sum with noise, rounded to 5; empty where that is 7 or less. Each member counts "
            "up to the measure's bound over all months together. The total is that of all months "
            "with noise, also of those that are not told, and so is right on average where it is "
            "larger than its noise.",
        ),
    )
    about = "What was done in each four weeks, with noise for differential privacy."
    return Table("participation", about, fields, pa.Table.from_pylist(rows, schema).to_batches)


def _definitions() -> str:
    return " ".join(
        f"{name}: {_MEASURES[name].definition} (version {_MEASURES[name].version}; bound {bound})"
        for name, bound in BOUNDS.items()
    )
