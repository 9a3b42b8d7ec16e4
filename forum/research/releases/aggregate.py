"""Tier A: counts of people and sums of what they did, with nothing about few.

Cells of seven people or fewer are empty, the rest rounded to five; totals are sums of what is
published, so that no empty cell can be reckoned back. No least and no greatest value is told, and
a sum that one person makes half of is left empty too. Where an epsilon is asked for, `noise` makes
the numbers, and the same is done with what it made.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from forum.activity.measures.dose import DOSES
from forum.activity.measures.record import Record, Window, opened
from forum.core.errors import Invalid
from forum.research.releases import attack, earlier, noise, profiles
from forum.research.releases.attack import Chances
from forum.research.releases.bands import HIDDEN, VISIBLE, Variable
from forum.research.releases.earlier import Interval
from forum.research.releases.profiles import Profiles
from forum.research.releases.table import Field, Release, Table

FEW, ROUNDED_TO = 7, 5
DOMINANT = 0.5
LEVEL = 1  # of the visible variables: enough to describe, too coarse to single out
Cell = tuple[int, Interval]
ADVICE = "Join the bands of “{name}”, or wait until more take part."
NOBODY = "Too few people share what is recorded of them for any count to be told."


def build(
    folder: Path,
    window: Window,
    seed: int,
    former: Sequence[earlier.Rows] = (),
    epsilon: float | None = None,
) -> Release:
    """Count a snapshot's participants, and attack the counts; with noise if an epsilon is given.

    Raises Invalid where every cell would be empty, TooRisky where the attack succeeds.
    """
    noisy = noise.Noise(epsilon) if epsilon else None
    with opened(folder, window) as record:
        people = profiles.of(record, seed)
        rows = _cells_of(people)
        counts = _noisy(rows, noisy) if noisy else _counted(rows)
        if not any(counts.values()):
            raise Invalid(NOBODY, code="too_few_participants")
        attacks = _attacked(people, rows, counts, former, seed)
        attack.refuse_if_risky(attacks, ADVICE.format(name="posts"))
        acts = _noisy_acts(record, noisy) if noisy else _acts_table(record)
        return Release(
            tier="aggregate",
            tables=[_people_table(counts), acts],
            attacks=attacks,
            findings={
                "suppressed_up_to": FEW,
                "rounded_to": ROUNDED_TO,
                "cells": len(counts),
                "cells_suppressed": sum(not count for count in counts.values()),
                **(noisy.findings() if noisy else {}),
            },
            participants=frozenset(rows),
            consent_versions=people.consent_versions,
            kept=rows,
            epsilon=epsilon,
        )


def _attacked(
    people: Profiles,
    rows: dict[int, earlier.Row],
    counts: dict[Cell, int],
    former: Sequence[earlier.Rows],
    seed: int,
) -> list[attack.Outcome]:
    everything = _chances(rows, counts)
    attacks = [
        attack.outcome("four known points", _by_points(people, counts), seed),
        attack.outcome("everything visible", everything, seed),
    ]
    for number, before in enumerate(former, start=1):
        chances = _by_joining(rows, counts, before, everything)
        attacks.append(attack.outcome(f"joining with release {number}", chances, seed))
    return attacks


def rounded(count: float, people: int) -> int:
    """Return what is told of a count to which so many people contribute; 0 stands for nothing."""
    return 0 if people <= FEW else int(ROUNDED_TO * round(count / ROUNDED_TO))


def _level(variable: Variable) -> int:
    return LEVEL if len(variable.levels) > 2 else 0


def _cells_of(people: Profiles) -> dict[int, earlier.Row]:
    """Return the bands that each person is counted in."""
    said: dict[str, list[Interval]] = {}
    for variable in (*VISIBLE, *HIDDEN):
        level = _level(variable)
        codes = variable.codes(people.values[variable.name], level)
        said[variable.name] = [variable.limits(int(code), level) for code in codes]
    seen, unseen = ([said[each.name] for each in group] for group in (VISIBLE, HIDDEN))
    return {
        int(key): earlier.Row(visible, hidden)
        for key, visible, hidden in zip(
            people.participants, zip(*seen, strict=True), zip(*unseen, strict=True), strict=True
        )
    }


def _true(rows: earlier.Rows) -> Counter[Cell]:
    return Counter(cell for row in rows.values() for cell in enumerate((*row.visible, *row.hidden)))


def _counted(rows: earlier.Rows) -> dict[Cell, int]:
    """Return the published count of each band of each variable; 0 where it is suppressed."""
    return {cell: rounded(count, count) for cell, count in _true(rows).items()}


def _noisy(rows: earlier.Rows, noisy: noise.Noise) -> dict[Cell, int]:
    """Return the same with noise, for every band that there could be."""
    levels = {variable.name: _level(variable) for variable in (*VISIBLE, *HIDDEN)}
    counts = noisy.counts(_true(rows), levels)
    return {cell: rounded(count, count) for cell, count in counts.items()}


def _noisy_acts(record: Record, noisy: noise.Noise) -> Table:
    told = {
        name: [rounded(amount, amount) or None for amount in amounts]
        for name, amounts in noisy.sums(record).items()
    }
    return noise.table(told)


def _chances(rows: earlier.Rows, counts: dict[Cell, int]) -> Chances:
    """Return one over the smallest published count that somebody is known to be in."""
    sizes = [
        [counts[cell] for cell in enumerate(row.visible) if counts.get(cell)]
        for row in rows.values()
    ]
    return np.array([1 / min(each) if each else 0.0 for each in sizes])


def _by_points(people: Profiles, counts: dict[Cell, int]) -> Chances:
    """Return the same for somebody of whom four acts are known: all bands that these allow."""
    chances = np.zeros(people.people)
    for place, variable in enumerate(VISIBLE):
        if variable.name not in profiles.SHOWN:
            continue
        cells = [(cell[1], count) for cell, count in counts.items() if cell[0] == place]
        for person, known in enumerate(people.points[variable.name]):
            size = sum(count for (_, high), count in cells if high >= known)
            chances[person] = max(chances[person], 1 / size if size else 0.0)
    return chances


def _by_joining(
    rows: earlier.Rows, counts: dict[Cell, int], before: earlier.Rows, everything: Chances
) -> Chances:
    """Return the chance of finding who is new by the counts that grew since an earlier release."""
    former = _counted(before)
    chances = everything.copy()
    for person, (key, row) in enumerate(rows.items()):
        if key not in before:
            grown = [counts.get(cell, 0) - former.get(cell, 0) for cell in enumerate(row.visible)]
            chances[person] = max([1 / each for each in grown if each > 0] + [chances[person]])
    return chances


def _people_table(counts: dict[Cell, int]) -> Table:
    """Return how many people are in each band of each variable, and the sums of these."""
    rows: list[dict[str, object]] = []
    for place, variable in enumerate((*VISIBLE, *HIDDEN)):
        level = _level(variable)
        cells = sorted((cell[1], count) for cell, count in counts.items() if cell[0] == place)
        if not cells:
            continue
        for (low, _), count in cells:
            code = int(variable.codes(np.array([low]), level)[0])
            label = variable.label(code, level)
            rows.append({"variable": variable.name, "band": label, "people": count or None})
        total = sum(count for _, count in cells)
        rows.append({"variable": variable.name, "band": "total", "people": total or None})
    schema = pa.schema([("variable", pa.string()), ("band", pa.string()), ("people", pa.int64())])
    fields = (
        Field("variable", "string", "What people are counted by; defined as in the microdata."),
        Field("band", "string", "The band, or “total” for the sum of the published bands."),
        Field("people", "integer", "People, rounded to 5; empty for 7 or fewer."),
    )
    about = "How many participants are in each band of each variable."
    return Table("people", about, fields, pa.Table.from_pylist(rows, schema).to_batches)


def _acts_table(record: Record) -> Table:
    """Return what was done in each four weeks, and by how many."""
    sums = ", ".join(f"{dose.sql} AS {name}" for name, dose in DOSES.items())
    record.base.execute(
        f"CREATE TEMP TABLE done AS SELECT month, participant, {sums} FROM acts "  # noqa: S608
        "SEMI JOIN profiles USING (participant) GROUP BY month, participant"
    )
    rows: list[dict[str, object]] = []
    for name, dose in DOSES.items():
        found = record.base.execute(
            f"SELECT month, count(*) FILTER ({name} > 0), sum({name}), max({name}) "  # noqa: S608
            "FROM done GROUP BY month ORDER BY month"
        ).fetchall()
        told = 0
        for month, people, total, greatest in found:
            hidden = people <= FEW or greatest > DOMINANT * total
            amount = 0 if hidden else rounded(total, people)
            told += amount
            rows.append(
                {
                    "month": month + 1,
                    "measure": name,
                    "unit": dose.unit,
                    "people": rounded(people, people) or None,
                    "amount": amount or None,
                }
            )
        rows.append({"month": None, "measure": name, "unit": dose.unit, "amount": told or None})
    types = {"month": pa.int64(), "people": pa.int64(), "amount": pa.int64()}
    names = ("month", "measure", "unit", "people", "amount")
    schema = pa.schema([(name, types.get(name, pa.string())) for name in names])
    done = pa.Table.from_pylist(rows, schema)
    about = "What was done in each four weeks."
    return Table("participation", about, _acts_fields(), done.to_batches)


def _acts_fields() -> tuple[Field, ...]:
    definitions = " ".join(
        f"{name}: {dose.definition} (version {dose.version})" for name, dose in DOSES.items()
    )
    return (
        Field("month", "integer", "Four weeks, counted from the first day; empty for the sum."),
        Field("measure", "string", f"What is summed. {definitions}"),
        Field("unit", "string", "The unit of the amount."),
        Field("people", "integer", "People who did it, rounded to 5; empty for 7 or fewer."),
        Field(
            "amount",
            "integer",
            "The sum, rounded to 5; empty for 7 people or fewer, or where one makes half of it.",
        ),
    )
