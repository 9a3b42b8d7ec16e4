"""Tier A's first table: how many people are in each band of each variable."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from forum.activity.small_cells import rounded_to_step
from forum.research.releases.ledger.released_profiles import Interval
from forum.research.releases.package.schema import Field, Table
from forum.research.releases.participant_profiles.generalisation import HIDDEN, VISIBLE, Variable

LEVEL = 1  # of the visible variables: enough to describe, too coarse to single out
Cell = tuple[int, Interval]


def level_of(variable: Variable) -> int:
    """Return how finely aggregates tell a variable."""
    return LEVEL if len(variable.levels) > LEVEL else 0


def table(counts: dict[Cell, int], summed: Mapping[Cell, int]) -> Table:
    """Return how many people are in each band of each variable, and the sums of `summed`."""
    rows: list[dict[str, object]] = []
    for place, variable in enumerate((*VISIBLE, *HIDDEN)):
        level = level_of(variable)
        cells = sorted((cell[1], count) for cell, count in counts.items() if cell[0] == place)
        if not cells:
            continue
        for (low, _), count in cells:
            code = int(variable.codes(np.array([low]), level)[0])
            label = variable.label(code, level)
            rows.append({"variable": variable.name, "band": label, "people": count or None})
        total = sum(count for (at, _), count in summed.items() if at == place)
        total = rounded_to_step(total, total)
        rows.append({"variable": variable.name, "band": "total", "people": total or None})
    schema = pa.schema([("variable", pa.string()), ("band", pa.string()), ("people", pa.int64())])
    fields = (
        Field("variable", "string", "What people are counted by; defined as in the microdata."),
        Field(
            "band",
            "string",
            "The band, or “total” for the sum of the published bands; with noise, of all bands.",
        ),
        Field("people", "integer", "People, rounded to 5; empty for 7 or fewer, or nobody."),
    )
    about = "How many participants are in each band of each variable."
    return Table("people", about, fields, pa.Table.from_pylist(rows, schema).to_batches)
