"""Classes of people, and what splitting one would tell.

Two things count. The information of each variable: what rows say of it, as a share of its entropy,
which is 1 where they tell everybody's finest band. And for doses the variance of ranks between
classes, since a rank correlation lives on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forum.research.releases.bands import VISIBLE, Counted, Whole
from forum.research.releases.kept import Class
from forum.research.releases.profiles import Profiles
from forum.research.releases.worth import entropy, information, rank_correlation, ranks, xlogx

K, L = 11, 3
# How much the order of people by a dose counts, beside its information, which counts 1.
ORDER = {"posts": 1.0, "active_days": 0.7, "meetings": 0.3, "threads": 0.3}
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Split:
    """A cut of a class: members whose code of a variable is at most `last` go to one side."""

    tells: float
    place: int
    last: int


class Classes:
    """People by the finest bands of what is visible, and of the hidden variables that are told.

    `codes` has a row for each visible variable and a column for each person.
    """

    def __init__(self, profiles: Profiles, told: Sequence[Counted]) -> None:
        codes = [each.codes(profiles.values[each.name], 0) for each in VISIBLE]
        self._first = [int(each.min()) for each in codes]
        self.codes = np.stack(codes) - np.array(self._first)[:, None]
        self._hidden = [each.codes(profiles.values[each.name], 0) for each in told]
        # Counts of all variables stand side by side in one table, each from its start on.
        sizes = self.codes.max(axis=1) + 1
        self._starts, self._width = np.cumsum(sizes) - sizes, int(sizes.sum())
        self._varying = [int(each) for each in np.flatnonzero(sizes > 1)]
        self._weights = np.zeros(len(VISIBLE))
        self._ranks = np.zeros((self._width, len(VISIBLE)))
        for place in self._varying:
            mine, start = self.codes[place], self._starts[place]
            self._weights[place] = 1 / entropy(np.bincount(mine)) / len(mine)
            rank = ranks(mine)
            rank *= np.sqrt(ORDER.get(VISIBLE[place].name, 0.0) / float(rank @ rank))
            self._ranks[mine + start, place] = rank

    def says(self, members: Whole) -> Class:
        """Return the interval of each visible variable that holds all members."""
        mine = self.codes[:, members]
        bounds = zip(VISIBLE, self._first, mine.min(axis=1), mine.max(axis=1), strict=True)
        return tuple(
            (each.limits(int(low) + first, 0)[0], each.limits(int(high) + first, 0)[1])
            for each, first, low, high in bounds
        )

    def value(self, classes: Sequence[Whole]) -> float:
        """Return what is told of the visible variables: information, and the order by doses."""
        orders = self.orders(classes)
        return sum(
            information(self.codes[place], self._labels(place, classes))
            + ORDER.get(VISIBLE[place].name, 0.0) * orders.get(place, 0.0)
            for place in self._varying
        )

    def orders(self, classes: Sequence[Whole]) -> dict[int, float]:
        """Return the rank correlation of each dose that varies with the middle of what is told."""
        return {
            place: rank_correlation(
                self.codes[place], np.add(*divmod(self._labels(place, classes), self._width))
            )
            for place in self._varying
            if VISIBLE[place].name in ORDER
        }

    def _labels(self, place: int, classes: Sequence[Whole]) -> Whole:
        """Return a number for each person that holds the first and last code of their class."""
        code: Whole = self.codes[place]
        label = np.empty_like(code)
        for members in classes:
            label[members] = code[members].min() * self._width + code[members].max()
        return label

    def splits(self, members: Whole) -> Iterator[Split]:
        """Yield the best cut along each variable that leaves both sides well hidden."""
        mine = self.codes[:, members]
        for place in self._varying:
            low = int(mine[place].min())
            good = self._hides(mine[place] - low, members)
            if good.any():
                tells = np.where(good, self._tells(mine[place] - low, mine), -np.inf)
                at = int(tells.argmax())
                yield Split(float(tells[at]), place, low + at)

    def _hides(self, codes: Whole, members: Whole) -> npt.NDArray[np.bool_]:
        """Return for each cut whether both sides have enough people and hidden values."""
        below = np.bincount(codes).cumsum()[:-1]
        good = (below >= K) & (len(members) - below >= K)
        for hidden in self._hidden:
            counts = _crossed(codes, hidden[members], int(hidden.max()) + 1).cumsum(axis=0)
            for side in (counts[:-1], counts[-1] - counts[:-1]):
                good &= (side > 0).sum(axis=1) >= L
        return good

    def _tells(self, codes: Whole, mine: Whole) -> Numbers:
        """Return for each cut along a variable what it tells of all variables."""
        crossed = [
            _crossed(codes, mine[other] + self._starts[other], self._width)
            for other in self._varying
        ]
        counts = np.sum(crossed, axis=0).cumsum(axis=0)
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
