"""Joining a release with an earlier one of the same study, as a fellow member could.

They know in which class somebody was then and is now. Hidden values only grow, so that rows
which do not fit are struck out; and who is new in a class is among the rows that are new in it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np

from forum.research.releases.disclosure.reidentification_attack import Chances
from forum.research.releases.disclosure.released_profiles import ANYTHING, Class, Row, Rows

Fits = Callable[[Class, Class], bool]
Members = Mapping[Class, Counter[Class]]


class Linked(Protocol):
    """One earlier release, and how it can be joined with what a new one would say."""

    name: str

    def chances(self, now: Rows) -> Chances:
        """Return everybody's chance of being found by joining."""
        ...


class Joined:
    """One earlier release of the same tier, to be joined with what a new one would say.

    `fits` says whether hidden values that were told then and now may be one person's.
    """

    name = "release"

    def __init__(self, before: Rows, fits: Fits | None = None) -> None:
        self._before, self._former = before, classes(before)
        self._fits = fits or _may_become

    def chances(self, now: Rows) -> Chances:
        """Return everybody's chance of being found by joining."""
        current = classes(now)
        known: dict[tuple[Row, Class], float] = {}  # many are alike, then and now
        chances = []
        for key, row in now.items():
            seen = self._before[key].visible if key in self._before else ()
            if (row, seen) not in known:
                by_growth = self._by_growth(current[row.visible], self._former.get(seen, Counter()))
                by_difference = _by_difference(row, current, self._former, seen)
                known[row, seen] = max(by_growth, by_difference)
            chances.append(known[row, seen])
        return np.array(chances)

    def _by_growth(self, current: Counter[Class], former: Counter[Class]) -> float:
        """Strike out the rows whose hidden values are none that the person may have now."""
        if not former:
            return 1 / current.total()
        fitting = sum(
            count
            for values, count in current.items()
            if any(self._fits(earlier, values) for earlier in former)
        )
        return 1 / max(fitting, 1)


def unexposed(
    now: Rows, former: Sequence[Linked], k: int, people: int, least: int, told: Sequence[bool]
) -> Rows:
    """Leave out whom joining would find among fewer than `k`, and classes that are then too small.

    A class needs so many `people` and `least` different values of each hidden variable that is
    told.
    """
    while True:
        exposed = {
            key
            for each in former
            for key, chance in zip(now, each.chances(now), strict=True)
            if chance > 1 / k
        }
        stay = {key: row for key, row in now.items() if key not in exposed}
        good = {each for each, rows in classes(stay).items() if _hides(rows, people, least, told)}
        stay = {key: row for key, row in stay.items() if row.visible in good}
        if len(stay) == len(now):
            return stay
        now = stay


def _hides(rows: Counter[Class], people: int, least: int, told: Sequence[bool]) -> bool:
    different = [len(set(values)) for values in zip(*rows, strict=True)]
    enough = (each >= least for each, is_told in zip(different, told, strict=True) if is_told)
    return rows.total() >= people and all(enough)


def classes(rows: Rows) -> dict[Class, Counter[Class]]:
    """Return for each class how often each combination of hidden values occurs in it."""
    found: defaultdict[Class, Counter[Class]] = defaultdict(Counter)
    for row in rows.values():
        found[row.visible][row.hidden] += 1
    return dict(found)


def _may_become(earlier: Class, later: Class) -> bool:
    return all(then[0] <= now[1] for then, now in zip(earlier, later, strict=True))


def _by_difference(row: Row, current: Members, former: Members, seen: Class) -> float:
    """Look for who is new in a class among the rows that are new in it, by hidden values.

    Where none are told, all rows of a class are alike, and none can be told to be new.
    """
    if set(row.hidden) <= {ANYTHING} or seen == row.visible or row.visible not in former:
        return 0.0
    new = current[row.visible] - former[row.visible]
    return 1 / new.total() if new[row.hidden] else 0.0
