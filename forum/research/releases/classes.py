"""Classes of people, and what splitting one would tell.

Two things count. The information of each variable: what rows say of it, as a share of its entropy,
which is 1 where they tell everybody's finest band. And for doses the variance of ranks between
classes, since a rank correlation lives on it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forum.research.releases import inference
from forum.research.releases.bands import Counted, Whole
from forum.research.releases.kept import Class
from forum.research.releases.profiles import Profiles
from forum.research.releases.worth import entropy, information, rank_correlation, ranks, xlogx

L = 3  # different intervals of each hidden variable in a class
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Split:
    """A cut of a class: members whose code of a variable is at most `last` go to one side."""

    tells: float
    place: int
    last: int


class Classes:
    """People by the finest bands of what is visible, and of the hidden variables that are told.

    `codes` has a row for each visible variable and a column for each person. Classes have `least`
    people or more.
    """

    def __init__(self, profiles: Profiles, told: Sequence[Counted], least: int) -> None:
        self.visible, self._least = profiles.visible, least
        codes = [each.codes(profiles.values[each.name], 0) for each in self.visible]
        self._first = [int(each.min()) for each in codes]
        self.codes = np.stack(codes) - np.array(self._first)[:, None]
        self._hidden = [inference.inferred(profiles, each) for each in told]
        # Counts of all variables stand side by side in one table, each from its start on.
        sizes = self.codes.max(axis=1) + 1
        self._varying = [int(each) for each in np.flatnonzero(sizes > 1)]
        sizes = sizes[self._varying]
        self._starts, self._width = np.cumsum(sizes) - sizes, int(sizes.sum())
        self._spread = self.codes[self._varying] + self._starts[:, None]
        self._weights = np.zeros(len(sizes))
        self._ranks = np.zeros((self._width, len(sizes)))
        for column, place in enumerate(self._varying):
            mine = self.codes[place]
            self._weights[column] = 1 / entropy(np.bincount(mine)) / len(mine)
            rank = ranks(mine)
            rank *= np.sqrt(self.visible[place].weight / float(rank @ rank))
            self._ranks[self._spread[column], column] = rank
        self._ranks = self._ranks[:, self._ranks.any(axis=0)]

    def says(self, members: Whole) -> Class:
        """Return the interval of each visible variable that holds all members."""
        mine = self.codes[:, members]
        bounds = zip(self.visible, self._first, mine.min(axis=1), mine.max(axis=1), strict=True)
        return tuple(
            (each.limits(int(low) + first, 0)[0], each.limits(int(high) + first, 0)[1])
            for each, first, low, high in bounds
        )

    def value(self, classes: Sequence[Whole], orders: Mapping[int, float]) -> float:
        """Return what is told of the visible variables: information, and their `orders`."""
        return sum(
            information(self.codes[place], self._labels(place, classes))
            + self.visible[place].weight * orders.get(place, 0.0)
            for place in self._varying
        )

    def orders(self, classes: Sequence[Whole]) -> dict[int, float]:
        """Return the rank correlation of each dose that varies with the middle of what is told."""
        return {
            place: rank_correlation(
                self.codes[place],
                np.add(*divmod(self._labels(place, classes), int(self.codes.max()) + 1)),
            )
            for place in self._varying
            if self.visible[place].weight
        }

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
            good &= inference.different(counts[:-1], upto[0][:-1], upto[1][:-1]) >= L
            rest = counts[-1] - counts[:-1]
            good &= inference.different(rest, since[0][1:], since[1][1:]) >= L
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
        """Return what is known of the people of one class, for each row of counts."""
        known = np.add.reduceat(xlogx(counts), self._starts, axis=1) - xlogx(people)[:, None]
        order = (counts @ self._ranks) ** 2 / people[:, None]
        return np.asarray(known @ self._weights + order.sum(axis=1))


def _crossed(codes: Whole, others: Whole, width: int) -> Whole:
    size = int(codes.max()) + 1
    return np.bincount(codes * width + others, minlength=size * width).reshape(size, width)
