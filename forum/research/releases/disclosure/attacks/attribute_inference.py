"""What visible values imply of hidden ones, and how hidden values are released all the same.

A person active on twelve days has come twelve times at least, and has read on twelve days at most.
A row with fewer visits could not be theirs: an attacker who knows their days would strike it out.
So what a class says of its hidden values agrees with all that follows of each of its members: the
lowest values are released as one interval that reaches up to the greatest lower bound of a member,
the highest as one that begins at the least upper bound. Where that leaves no room for `L` different
intervals, rows say nothing: of somebody who was never active everything is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forum.research.releases.disclosure import utility
from forum.research.releases.ledger.released_profiles import ANYTHING
from forum.research.releases.participant_profiles.generalisation import (
    FOREVER,
    CountVariable,
    Whole,
)
from forum.research.releases.participant_profiles.profiles import Profiles

L = 3  # different intervals of each hidden variable in a class that says anything of it
NOTHING_SAID = 2000  # beyond all other labels of what a row says


@dataclass(frozen=True)
class InferredBounds:
    """The band of a hidden variable that each person is in, and the bands they must be within."""

    codes: Whole
    floor: Whole
    cap: Whole


def infer_bounds(profiles: Profiles, variable: CountVariable) -> InferredBounds:
    """Return what follows of a hidden variable for each person."""
    codes = variable.codes(profiles.values[variable.name], 0)
    least, most = np.zeros_like(codes), np.full_like(codes, len(variable.levels[0]) - 1)
    name = variable.name
    floor = variable.codes(profiles.floors[name], 0) if name in profiles.floors else least
    cap = variable.codes(profiles.caps[name], 0) if name in profiles.caps else most
    return InferredBounds(codes, floor, cap)


def published_intervals(
    variable: CountVariable, known: InferredBounds, members: Whole
) -> tuple[Whole, Whole]:
    """Return the first and the last value that the row of each member of a class says."""
    codes = known.codes[members]
    floor, cap = int(known.floor[members].max()), int(known.cap[members].min())
    low, top = _ends(np.array(floor), np.array(cap))
    if not _has_room(low, top):
        return np.full_like(codes, ANYTHING[0]), np.full_like(codes, ANYTHING[1])
    bands = np.array([variable.limits(code, 0) for code in range(len(variable.levels[0]))])
    first = np.where(codes <= low, 0, np.where(codes >= top, cap, codes))
    last = np.where(codes <= low, floor, np.where(codes >= top, len(bands) - 1, codes))
    return bands[first, 0], bands[last, 1]


def information_kept(known: InferredBounds, classes: Sequence[Whole]) -> float:
    """Return the share of a hidden variable's entropy that the rows of classes tell."""
    label = np.empty_like(known.codes)
    for members in classes:
        low, top = _ends(known.floor[members].max(), known.cap[members].min())
        codes = known.codes[members]
        ends = np.where(codes <= low, -1 - low, np.where(codes >= top, 1000 + top, codes))
        label[members] = np.where(_has_room(low, top), ends, NOTHING_SAID)
    return utility.information(known.codes, label)


def count_distinct(counts: Whole, floor: Whole, cap: Whole) -> Whole:
    """Return how many different intervals classes say.

    Each row of `counts` says how many of a class are in each band; `floor` and `cap` hold the
    greatest lower and the least upper bound of each class. Where nothing is said, that is as good
    as `L`.
    """
    there, bands = counts > 0, np.arange(counts.shape[1])
    low, top = _ends(floor, cap)
    lowest, highest = bands <= low[:, None], bands >= top[:, None]
    between = (there & ~lowest & ~highest).sum(axis=1)
    found = between + (there & lowest).any(axis=1) + (there & highest).any(axis=1)
    return np.where(_has_room(low, top), found, L)


def _ends(floor: Whole, cap: Whole) -> tuple[Whole, npt.NDArray[np.int64]]:
    """Return the last band that is released as low, and the first that is released as high."""
    low = np.minimum(floor, cap)
    return low, np.maximum(cap, low + 1)


def _has_room(low: Whole, top: Whole) -> npt.NDArray[np.bool_]:
    """Return whether `L` intervals are possible with these ends, which anybody can work out."""
    return np.asarray(top - low >= L - 1)


def risks_from_inference(
    people: Profiles, number: Whole, low: Whole, high: Whole, chosen: Whole
) -> npt.NDArray[np.float64]:
    """Return the chance of being found among one's class by what follows of hidden variables.

    `number` says who is in which class, `low` and `high` their released intervals of hidden
    variables, of the people at the places `chosen`.
    """
    if not people.hidden:
        return np.asarray(1 / np.bincount(number)[number])
    names = [each.name for each in people.hidden]
    nothing, everything = np.zeros(people.people, np.int64), np.full(people.people, FOREVER)
    least = np.stack([people.floors.get(name, nothing)[chosen] for name in names], axis=1)
    most = np.stack([people.caps.get(name, everything)[chosen] for name in names], axis=1)
    risks = np.empty(len(number))
    order = np.argsort(number, kind="stable")
    for mine in np.split(order, np.flatnonzero(np.diff(number[order])) + 1):
        rows = np.stack([low[mine], high[mine]], axis=1)
        (released, class_sizes) = np.unique(rows, axis=0, return_counts=True)
        fits = (released[:, 0] <= most[mine][:, None]) & (released[:, 1] >= least[mine][:, None])
        risks[mine] = 1 / np.maximum(fits.all(axis=2) @ class_sizes, 1)
    return risks
