"""Tier B: one row for each participant who shares, in bands, with nobody who stands out."""

from collections.abc import Sequence
from math import ceil
from pathlib import Path

import numpy as np
import pyarrow as pa

from forum.activity.measures.dose import DOSES
from forum.activity.measures.record import Window
from forum.core.errors import Invalid
from forum.research.releases import attack, beside, earlier, profiles
from forum.research.releases.attack import Outcome, Published
from forum.research.releases.bands import FOREVER, HIDDEN, VISIBLE, Counted, Dated, Variable
from forum.research.releases.kept import Row, Rows
from forum.research.releases.profiles import Profiles
from forum.research.releases.search import LEFT_OUT_MOST, Found, K, L, search
from forum.research.releases.table import Field, Release, Table

ABOUT = "One row for each participant who agreed to share, in no order; ids mean nothing."
OTHERS = {
    "threads": "Threads started, banded.",
    "groups": "Groups of the study that the participant belongs to or belonged to, banded.",
    "joined": "When the participant joined a group of the study, or agreed to be recorded if the "
    "time before is not included.",
    "left_study": "Whether the participant has left the study (drop-out).",
}
EXPOSED = (
    "Joined with an earlier release, this one would give people away. Wait until more take part, "
    "or ask for aggregates."
)
ADVICE = (
    "Coarsen “{name}” first, which parts people the most, or wait until more take part, or ask "
    "for aggregates."
)


def build(
    folder: Path,
    window: Window,
    seed: int,
    former: Sequence[Rows] = (),
    counted: Sequence[frozenset[int]] = (),
) -> Release:
    """Band a snapshot's participants, and attack the result.

    `former` holds what each earlier release of the study said; whom joining would find is left out
    until more are like them. `counted` are those in each earlier aggregate release; see
    `beside.apart`. The same snapshot and seed give the same release. Raises Invalid for too few
    people, TooRisky where the attack succeeds.
    """
    people = profiles.read(folder, window, seed)
    found = search(people)
    rows = _said(people, found, np.flatnonzero(found.kept))
    told = [each in found.hidden for each in HIDDEN]
    rows = beside.apart(
        earlier.unexposed(rows, former, K, L, told),
        counted,
        lambda left: earlier.unexposed(left, former, K, L, told),
        seed,
    )
    if not rows:
        raise Invalid(EXPOSED, code="cannot_be_hidden")
    chosen = np.searchsorted(people.participants, np.array(list(rows), dtype=np.int64))
    published = _published(people, found, chosen)
    attacks = [
        attack.outcome("four known points", attack.by_points(published), seed),
        attack.outcome("everything visible", attack.by_everything(published), seed),
    ]
    attacks += [
        attack.outcome(f"joining with release {number}", earlier.by_joining(rows, before), seed)
        for number, before in enumerate(former, start=1)
    ]
    attack.refuse_if_risky(attacks, ADVICE.format(name=attack.finest(published)))
    return Release(
        tier="microdata",
        tables=[_table(people, found, chosen, seed)],
        attacks=attacks,
        findings=_findings(people, found, published, attacks),
        participants=frozenset(rows),
        consent_versions=people.consent_versions,
        kept=rows,
    )


def _levels(found: Found) -> list[tuple[Variable, int]]:
    """Return all variables that are told, with their level; hidden ones have only one."""
    return [*zip(VISIBLE, found.levels, strict=True), *((each, 0) for each in found.hidden)]


def _table(people: Profiles, found: Found, chosen: np.ndarray, seed: int) -> Table:
    """Return the rows in a random order, with random ids."""
    dice = np.random.default_rng([seed, 1])
    order = dice.permutation(chosen)
    ids = dice.choice(10**9, size=len(order), replace=False)
    columns: dict[str, pa.Array] = {"id": pa.array([f"P{each:09}" for each in ids])}
    for variable, level in _levels(found):
        codes = variable.codes(people.values[variable.name][order], level)
        columns[variable.name] = pa.array([variable.label(int(code), level) for code in codes])
    fields = [Field("id", "string", "A random number, made for this release alone.")]
    fields += [_field(variable, level) for variable, level in _levels(found)]
    return Table("participants", ABOUT, tuple(fields), pa.table(columns).to_batches)


def _field(variable: Variable, level: int) -> Field:
    dose = DOSES.get(variable.name)
    definition = f"{dose.definition} Banded." if dose else OTHERS[variable.name]
    if isinstance(variable, Counted):
        cuts = variable.levels[level]
        bands = ", ".join(variable.label(code, level) for code in range(len(cuts)))
        definition += f" Bands: {bands}."
    elif isinstance(variable, Dated):
        months = "the month" if variable.levels[level] == 1 else f"{variable.levels[level]} months"
        definition += f" Told to {months}." if level < 4 else " Not told."
    return Field(variable.name, "string", definition, dose.version if dose else 1)


def _said(people: Profiles, found: Found, chosen: np.ndarray) -> Rows:
    """Return the intervals that each person's row says; of what is not told, all that it may be."""
    said: list[list[tuple[int, int]]] = []
    for variable, level in [*_levels(found)[: len(VISIBLE)], *((each, 0) for each in HIDDEN)]:
        if variable in HIDDEN and variable not in found.hidden:
            said.append([(0, FOREVER)] * len(chosen))
            continue
        codes = variable.codes(people.values[variable.name][chosen], level)
        said.append([variable.limits(int(code), level) for code in codes])
    seen = len(VISIBLE)
    return {
        int(key): Row(tuple(row[:seen]), tuple(row[seen:]))
        for key, row in zip(people.participants[chosen], zip(*said, strict=True), strict=True)
    }


def _published(people: Profiles, found: Found, chosen: np.ndarray) -> Published:
    """Return what a fellow member sees of the release, and knows of the people in it."""
    low, high = [], []
    for variable, level in zip(VISIBLE, found.levels, strict=True):
        codes = variable.codes(people.values[variable.name][chosen], level)
        limits = np.array([variable.limits(int(code), level) for code in codes], dtype=np.int64)
        low.append(limits[:, 0])
        high.append(limits[:, 1])
    names = tuple(variable.name for variable in VISIBLE)
    nothing = np.zeros(len(chosen), dtype=np.int64)
    known = np.stack(
        [people.points[name][chosen] if name in people.points else nothing for name in names],
        axis=1,
    )
    points = attack.points_of(known, [isinstance(variable, Dated) for variable in VISIBLE])
    truth = np.stack([people.values[name][chosen] for name in names], axis=1)
    return Published(names, np.stack(low, 1), np.stack(high, 1), truth, *points)


def _whole_percent(share: float) -> float:
    """Return a share rounded up to whole percents: beside the rows it must not count people."""
    return ceil(round(share * 100, 6)) / 100


def _findings(
    people: Profiles, found: Found, published: Published, attacks: Sequence[Outcome]
) -> dict[str, object]:
    """Return what the disclosure report says, in numbers rounded so that nobody is counted out."""
    left_out = 1 - len(published.truth) / people.people
    _, sizes = np.unique(published.low, axis=0, return_counts=True)
    return {
        "k_required": K,
        "k_reached": int(sizes.min()),
        "l_required": L,
        "classes": len(sizes),
        "left_out_share": _whole_percent(float(left_out)),
        "left_out_most": LEFT_OUT_MOST,
        "information_kept": round(found.information, 3),
        "information_kept_by_leaving_out_alone": round(found.without_coarsening, 3),
        "levels": {
            variable.name: f"{level} of {len(variable.levels) - 1}"
            for variable, level in zip(VISIBLE, found.levels, strict=True)
        },
        "hidden_values_not_told": [each.name for each in HIDDEN if each not in found.hidden],
        "riskiest": max(attacks, key=lambda each: each.upper).attack,
    }
