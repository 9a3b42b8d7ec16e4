"""The search for the bands that tell the most while everybody keeps ten others like them.

All combinations of levels are tried, best first: a combination's information can be told from
its variables alone, so that the search ends where no later one could be better. Coarsening comes
first; people are left out only in classes that stay too small, at most a tenth of all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from forum.core.errors import Invalid
from forum.research.releases.bands import HIDDEN, VISIBLE, Counted, Whole
from forum.research.releases.profiles import Profiles

K, L = 11, 3
LEFT_OUT_MOST = 0.10
# What outcome research asks for first: how much somebody took part, and whether they dropped out.
WEIGHTS = {"posts": 4, "threads": 1, "meetings": 3, "groups": 1, "joined": 2, "left_study": 3}
GUESS_MOST = 0.08  # classes per person: the attack's limit is 0.09 for the upper bound
TOO_FEW = (
    "Fewer than {k} people share what is recorded of them, so that nobody could be hidden among "
    "others. Ask for aggregates, or wait until more take part."
)
NO_WAY = (
    "No bands hide everybody among {k} others with {l} different hidden values. "
    "Ask for aggregates, or wait until more take part."
)


@dataclass(frozen=True)
class Found:
    """Levels of the visible variables, who is kept, and what is told.

    `hidden` are the hidden variables that are told: one with too few different values in all would
    tell everybody's. `kept` marks the profiles that stay; `information` is the share, from 0 to 1,
    of what the finest bands would tell; `without_coarsening` is what leaving people out alone
    would have kept.
    """

    levels: tuple[int, ...]
    hidden: tuple[Counted, ...]
    kept: npt.NDArray[np.bool_]
    information: float
    without_coarsening: float


class _Combinations:
    """The people counted by their finest combination of bands, which is much shorter."""

    def __init__(self, profiles: Profiles) -> None:
        finest = np.stack(
            [v.codes(profiles.values[v.name], 0) for v in VISIBLE], axis=1, dtype=np.int64
        )
        rows, self.of_person, self.people = np.unique(
            finest, axis=0, return_inverse=True, return_counts=True
        )
        self.first = [
            np.array([v.limits(int(code), 0)[0] for code in rows[:, place]], dtype=np.int64)
            for place, v in enumerate(VISIBLE)
        ]
        present = {v: self._present(v, v.codes(profiles.values[v.name], 0)) for v in HIDDEN}
        self.hidden = {v: table for v, table in present.items() if table.any(axis=0).sum() >= L}

    def _present(self, variable: Counted, codes: Whole) -> npt.NDArray[np.bool_]:
        """Return which hidden bands occur in each combination."""
        table = np.zeros((len(self.people), len(variable.levels[0])), dtype=np.bool_)
        table[self.of_person.ravel(), codes] = True
        return table

    def entropy(self, place: int, level: int) -> float:
        """Return what a variable's bands tell at a level, in nats a person."""
        codes = VISIBLE[place].codes(self.first[place], level)
        _, inverse = np.unique(codes, return_inverse=True)
        shares = np.bincount(inverse, weights=self.people) / self.people.sum()
        return float(-(shares * np.log(shares)).sum())

    def kept(self, levels: tuple[int, ...]) -> tuple[npt.NDArray[np.bool_], int]:
        """Return which combinations lie in classes that hide people well, and how many classes."""
        code = np.zeros(len(self.people), dtype=np.int64)
        for place, level in enumerate(levels):
            _, inverse = np.unique(
                VISIBLE[place].codes(self.first[place], level), return_inverse=True
            )
            code = code * (inverse.max() + 1) + inverse
        _, classes = np.unique(code, return_inverse=True)
        good = np.bincount(classes, weights=self.people) >= K
        for table in self.hidden.values():
            present = [np.bincount(classes, weights=column) > 0 for column in table.T]
            good &= np.sum(present, axis=0) >= L
        return good[classes], int(good.sum())


def search(profiles: Profiles) -> Found:
    """Return the most telling bands. Raises Invalid for too few people, or where there are none."""
    if profiles.people < K:
        raise Invalid(TOO_FEW.format(k=K), code="too_few_participants")
    combinations = _Combinations(profiles)
    best: tuple[float, tuple[int, ...], npt.NDArray[np.bool_]] | None = None
    finest, _ = combinations.kept((0,) * len(VISIBLE))
    for information, levels in _best_first(combinations):
        if best is not None and information <= best[0]:
            break
        kept, classes = combinations.kept(levels)
        people = float(combinations.people[kept].sum())
        share = people / profiles.people
        if share < 1 - LEFT_OUT_MOST or classes > GUESS_MOST * people:
            continue
        if best is None or information * share > best[0]:
            best = information * share, levels, kept
    if best is None:
        raise Invalid(NO_WAY.format(k=K - 1, l=L), code="cannot_be_hidden")
    return Found(
        levels=best[1],
        hidden=tuple(combinations.hidden),
        kept=best[2][combinations.of_person.ravel()],
        information=best[0],
        without_coarsening=float(combinations.people[finest].sum()) / profiles.people,
    )


def _best_first(combinations: _Combinations) -> Iterator[tuple[float, tuple[int, ...]]]:
    """Yield all combinations of levels with the share of information they keep, most first."""
    told = []
    for place, variable in enumerate(VISIBLE):
        at = [combinations.entropy(place, level) for level in range(len(variable.levels))]
        told.append([each / at[0] if at[0] else 1.0 for each in at])
    weights = [WEIGHTS[variable.name] for variable in VISIBLE]
    tries = [
        (
            sum(weights[place] * told[place][level] for place, level in enumerate(levels))
            / sum(weights),
            levels,
        )
        for levels in product(*(range(len(variable.levels)) for variable in VISIBLE))
    ]
    # Of equals the least coarse goes first, so that a release does not hide what tells nothing.
    yield from sorted(tries, key=lambda each: (-each[0], sum(each[1]), each[1]))
