"""Classes of people, and what splitting one would tell.

Two things count. The information of each variable: what rows say of it, as a share of its entropy,
which is 1 where they tell everybody's band, times what the variable counts. Most of it is that of
the broad bands: who is cut at single numbers of one variable is soon in a class with people who
differ in all others. And for doses the variance of ranks between classes, since a rank correlation
lives on it. What classes are worth in the end is compared by what an analyst needs: information,
order, and a slope.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from forum.research.releases.disclosure.attacks import attribute_inference
from forum.research.releases.disclosure.attacks.attribute_inference import L, count_distinct
from forum.research.releases.disclosure.utility import (
    entropy,
    information,
    rank_correlation,
    ranks,
    slope_error,
    xlogx,
)
from forum.research.releases.ledger.released_profiles import ANYTHING, Class
from forum.research.releases.participant_profiles.generalisation import CountVariable, Whole
from forum.research.releases.participant_profiles.profiles import Profiles

# How much the information of the finest bands counts, and that of the broad ones.
FINEST, BROAD = 0.25, 0.75
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Split:
    """A cut of a class: members whose code of a variable is at most `last` go to one side."""

    tells: float
    place: int
    last: int


class DoseUtility(NamedTuple):
    """What the middle of the told intervals keeps of a dose: people's order, and a slope."""

    order: float
    slope_error: float

    @property
    def utility(self) -> float:
        """How good both are together, from -1 to 2."""
        return self.order + 1 - min(1.0, abs(self.slope_error))


@dataclass(frozen=True)
class _BandedVariable:
    """The band of a variable that each person is in, and how much telling these counts."""

    place: int
    codes: Whole
    counts: float
    finest: bool


class Classes:
    """People by the finest bands of what is visible, and of the released hidden variables.

    `codes` has a row for each visible variable and a column for each person. Classes have `least`
    people or more.
    """

    def __init__(self, profiles: Profiles, released: Sequence[CountVariable], least: int) -> None:
        self.visible, self._least = profiles.visible, least
        codes = [each.codes(profiles.values[each.name], 0) for each in self.visible]
        self._withheld = [each.name in profiles.withheld for each in self.visible]
        self._values = [profiles.values[each.name] for each in self.visible]
        self._first = [int(each.min()) for each in codes]
        self.codes = np.stack(codes) - np.array(self._first)[:, None]
        self.codes[self._withheld] = 0
        self._hidden = [attribute_inference.infer_bounds(profiles, each) for each in released]
        self._varying = [int(each) for each in np.flatnonzero(self.codes.max(axis=1))]
        self._bands = [each for place in self._varying for each in self._banded(profiles, place)]
        # Counts of all bands are side by side in one table, each variable's from a start on.
        sizes = np.array([int(each.codes.max()) + 1 for each in self._bands], dtype=np.int64)
        self._starts, self._width = np.cumsum(sizes) - sizes, int(sizes.sum())
        self._spread = np.zeros((len(self._bands), profiles.people), dtype=np.int64)
        self._weights = np.zeros(len(self._bands))
        ranked = []
        for column, each in enumerate(self._bands):
            self._spread[column] = each.codes + self._starts[column]
            self._weights[column] = each.counts / entropy(np.bincount(each.codes)) / len(each.codes)
            weight = self.visible[each.place].weight
            if weight and each.finest:
                rank, at = ranks(each.codes), np.zeros(self._width)
                at[self._spread[column]] = rank * np.sqrt(weight / float(rank @ rank))
                ranked.append(at)
        self._ranks = np.array(ranked).reshape(len(ranked), self._width).T

    def _banded(self, profiles: Profiles, place: int) -> Iterator["_BandedVariable"]:
        """Yield the finest bands of a variable that varies, and the broad ones if these do too."""
        variable, fine = self.visible[place], self.codes[place]
        broad = variable.codes(profiles.values[variable.name], min(1, len(variable.levels) - 1))
        broad = broad - broad.min()
        finest = FINEST if broad.any() else 1.0
        yield _BandedVariable(place, fine, variable.share * finest, finest=True)
        if broad.any():
            yield _BandedVariable(place, broad, variable.share * BROAD, finest=False)

    def intervals_of(self, members: Whole) -> Class:
        """Return the interval of each visible variable that holds all members."""
        mine = self.codes[:, members]
        ends = enumerate(zip(mine.min(axis=1), mine.max(axis=1), strict=True))
        return tuple(self._limits(place, int(low), int(high)) for place, (low, high) in ends)

    def value(self, classes: Sequence[Whole], doses: Mapping[int, DoseUtility]) -> float:
        """Return the utility: information, and how well `doses` keep people's order and a slope.

        Of hidden variables the information of the finest bands counts.
        """
        labels = {place: self._labels(place, classes) for place in self._varying}
        seen = (each.counts * information(each.codes, labels[each.place]) for each in self._bands)
        hidden = (attribute_inference.information_kept(each, classes) for each in self._hidden)
        doses_kept = (self.visible[place].weight * dose.utility for place, dose in doses.items())
        return sum(seen) + sum(hidden) + sum(doses_kept)

    def doses(self, classes: Sequence[Whole]) -> dict[int, DoseUtility]:
        """Return what the middle of the released interval keeps of each dose that varies."""
        found = {}
        for place in self._varying:
            variable, width = self.visible[place], int(self.codes.max()) + 1
            if variable.weight:
                pairs, which = np.unique(self._labels(place, classes), return_inverse=True)
                limits = [self._limits(place, *divmod(int(each), width)) for each in pairs]
                low, high = np.array(limits, dtype=np.int64).T
                truth, middle = self._values[place], variable.middle(low, high)[which]
                found[place] = DoseUtility(
                    rank_correlation(truth, middle), slope_error(truth, middle)
                )
        return found

    def _limits(self, place: int, low: int, high: int) -> tuple[int, int]:
        """Return the first and the last value of an interval, given its first and last code."""
        if self._withheld[place]:
            return ANYTHING
        variable, first = self.visible[place], self._first[place]
        return variable.limits(low + first, 0)[0], variable.limits(high + first, 0)[1]

    def _labels(self, place: int, classes: Sequence[Whole]) -> Whole:
        """Return a number for each person that holds the first and last code of their class."""
        code: Whole = self.codes[place]
        label, width = np.empty_like(code), int(self.codes.max()) + 1
        for members in classes:
            label[members] = code[members].min() * width + code[members].max()
        return label

    def splits(self, members: Whole) -> Iterator[Split]:
        """Yield the best cut along each variable that leaves both sides well hidden."""
        mine, spread = self.codes[:, members], self._spread[:, members]
        for place in self._varying:
            low = int(mine[place].min())
            good = self._hides(mine[place] - low, members)
            if good.any():
                tells = np.where(good, self._tells(mine[place] - low, spread), -np.inf)
                at = int(tells.argmax())
                yield Split(float(tells[at]), place, low + at)

    def _hides(self, codes: Whole, members: Whole) -> npt.NDArray[np.bool_]:
        """Return for each cut whether both sides have enough people and hidden values."""
        below = np.bincount(codes).cumsum()[:-1]
        good = (below >= self._least) & (len(members) - below >= self._least)
        for hidden in self._hidden if good.any() else ():
            counts = _crossed(codes, hidden.codes[members], int(hidden.codes.max()) + 1)
            counts = counts.cumsum(axis=0)
            floor, cap = np.zeros(len(counts), np.int64), np.full(len(counts), hidden.cap.max())
            np.maximum.at(floor, codes, hidden.floor[members])
            np.minimum.at(cap, codes, hidden.cap[members])
            upto = np.maximum.accumulate(floor), np.minimum.accumulate(cap)
            since = (
                np.maximum.accumulate(floor[::-1])[::-1],
                np.minimum.accumulate(cap[::-1])[::-1],
            )
            good &= count_distinct(counts[:-1], upto[0][:-1], upto[1][:-1]) >= L
            rest = counts[-1] - counts[:-1]
            good &= count_distinct(rest, since[0][1:], since[1][1:]) >= L
        return good

    def _tells(self, codes: Whole, spread: Whole) -> Numbers:
        """Return for each cut along a variable what it tells of all variables."""
        size = int(codes.max()) + 1
        counts = np.bincount(
            (codes * self._width + spread).ravel(), minlength=size * self._width
        ).reshape(size, self._width)
        counts = counts.cumsum(axis=0)
        people = np.bincount(codes).cumsum()
        left, whole = (
            self._settled(counts[:-1], people[:-1]),
            self._settled(counts[-1:], people[-1:]),
        )
        right = self._settled(counts[-1] - counts[:-1], people[-1] - people[:-1])
        return left + right - whole

    def _settled(self, counts: Whole, people: Whole) -> Numbers:
        """Return the knowledge of the people of one class, for each row of counts."""
        known = np.add.reduceat(xlogx(counts), self._starts, axis=1) - xlogx(people)[:, None]
        order = (counts @ self._ranks) ** 2 / people[:, None]
        return np.asarray(known @ self._weights + order.sum(axis=1))


def _crossed(codes: Whole, others: Whole, width: int) -> Whole:
    size = int(codes.max()) + 1
    return np.bincount(codes * width + others, minlength=size * width).reshape(size, width)
