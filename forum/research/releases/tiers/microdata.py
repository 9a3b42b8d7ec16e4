"""Tier B: one row for each participant who shares, in classes from which nobody stands out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from forum.activity import measures
from forum.activity.measures.study_record import Window
from forum.research.releases.disclosure.attacks.linkage import EarlierRelease
from forum.research.releases.disclosure.disclosure_limits import GOAL
from forum.research.releases.disclosure.k_anonymity.local_recoding import (
    FOR_THE_CLASS,
    FOR_THE_ROW,
    Recoded,
    levels,
    recode,
)
from forum.research.releases.ledger.released_profiles import ANYTHING
from forum.research.releases.package.schema import Field, Release, Table, measure_field
from forum.research.releases.participant_profiles import attributes, profiles
from forum.research.releases.participant_profiles.generalisation import Variable, Whole

ABOUT = "One row for each participant who agreed to share, in no order; ids mean nothing."
ID = "A random number, made for this release alone."
# What further attacks know, each by itself.
KNOWN = {
    "posts and their lengths": ("posts", "threads", "words"),
    "reactions": ("reactions_given", "reactions_received"),
    "attendance of meetings": ("meetings", "meeting_minutes"),
    "the order of joining": ("joined", "groups", "left_study"),
}


def build(
    folder: Path,
    window: Window,
    seed: int,
    earlier: Sequence[EarlierRelease] = (),
    counted: Sequence[frozenset[int]] = (),
    least: int = 0,
    columns: Collection[str] = (),
    goal: float = GOAL,
) -> Release:
    """Recode a snapshot's participants in classes, and attack the result; see `local_recoding`.

    With `columns`, nothing else is released, and these more finely. `goal` is how many guesses may
    be right at most.

    The same snapshot and seed give the same release. Raises Invalid for too few people, TooRisky
    where an attack succeeds.
    """
    people = profiles.read_profiles(folder, window, seed)
    if columns:
        people = replace(people, withheld=frozenset(people.values) - frozenset(columns))
    recoded = recode(people, KNOWN, earlier, counted, seed, least, goal)
    return Release(
        tier="microdata",
        tables=[_table(recoded, seed)],
        attacks=recoded.attacks,
        findings=recoded.findings(),
        participants=frozenset(recoded.rows),
        consent_versions=people.consent_versions,
        profiles=recoded.rows,
    )


def _table(recoded: Recoded, seed: int) -> Table:
    """Return the rows in a random order, with random ids."""
    random = np.random.default_rng([seed, 1])
    order = random.permutation(recoded.chosen)
    numbers = random.choice(10**9, size=len(order), replace=False)
    keys = recoded.people.participants[order].tolist()
    ids = {key: f"P{each:09}" for key, each in zip(keys, numbers.tolist(), strict=True)}
    return table(recoded, order, ids, ID)


def table(recoded: Recoded, order: Whole, ids: Mapping[int, str], about_id: str) -> Table:
    """Return the rows of these places in their order, with everybody's id."""
    keys = recoded.people.participants[order].tolist()
    columns: dict[str, pa.Array] = {"id": pa.array([ids[key] for key in keys])}
    fields = [Field("id", "string", about_id)]
    for variable, released in recoded.released(order).items():
        pairs = zip(released[1].tolist(), released[2].tolist(), strict=True)
        is_hidden = variable in recoded.people.hidden
        columns[variable.name] = pa.array(
            [
                None if is_hidden and pair == ANYTHING else variable.interval(*pair)
                for pair in pairs
            ],
            pa.string(),
        )
        how = FOR_THE_ROW if is_hidden else FOR_THE_CLASS
        fields.append(_field(variable, how, levels(variable, released, recoded)))
    return Table("participants", ABOUT, tuple(fields), pa.table(columns).to_batches)


def _field(variable: Variable, how: str, names: Sequence[str]) -> Field:
    measure = measures.person_measures().get(variable.name)
    if measure is None:
        definition = f"{attributes.DEFINITIONS[variable.name]} {how}"
        return Field(variable.name, "string", definition, levels=tuple(names))
    return measure_field(measure, how, names)
