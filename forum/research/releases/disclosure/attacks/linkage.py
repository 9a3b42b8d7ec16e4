"""Joining a release with an earlier one of the same study, as a fellow member could.

They know in which class somebody was then and is now. Hidden values only grow, so that rows
which do not fit are struck out; who is new in a class is among the rows that are new in it, and
who has gone from one, or from the study, is among the rows that are no longer in it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np

from forum.research.releases.disclosure.attacks.reidentification import Chances, K
from forum.research.releases.ledger.released_profiles import ANYTHING, Class, Row, Rows

Fits = Callable[[Class, Class], bool]
Members = Mapping[Class, Counter[Class]]


class Linked(Protocol):
    """One earlier release, and how it can be joined with what a new one would say."""

    name: str

    def chances(self, now: Rows) -> Chances:
        """Return everybody's chance of being found by joining."""
        ...

    def gives_away_who_is_gone(self, now: Rows) -> bool:
        """Say whether rows that are missing now tell what was hidden of somebody without a row."""
        ...


class Joined:
    """One earlier release of the same tier, to be joined with what a new one would say.

    `fits` says whether hidden values that were told then and now may be one person's. `erased` are
    there if somebody had their part of it erased: what it said of them is not in `before` any more.
    """

    name = "release"

    def __init__(self, before: Rows, fits: Fits | None = None, *, erased: bool = False) -> None:
        self._before, self._former = before, classes(before)
        self._fits, self._erased = fits or _may_become, erased

    def chances(self, now: Rows) -> Chances:
        """Return everybody's chance of being found by joining."""
        current = classes(now)
        known: dict[tuple[Row, Row | None], float] = {}  # many are alike, then and now
        chances = []
        for key, row in now.items():
            then = self._before.get(key)
            if (row, then) not in known:
                seen = then.visible if then else ()
                by_growth = self._by_growth(current[row.visible], self._former.get(seen, Counter()))
                came = _by_difference(row, current, self._former, seen)
                went = _by_difference(then, self._former, current, row.visible) if then else 0.0
                known[row, then] = max(by_growth, came, went)
            chances.append(known[row, then])
        return np.array(chances)

    def gives_away_who_is_gone(self, now: Rows) -> bool:
        """Say so if fewer than `K` rows of one class are gone; of those erased, whatever is gone.

        Nobody knows any more in which class they were.
        """
        if self._erased:
            return any(limits != ANYTHING for row in self._before.values() for limits in row.hidden)
        current = classes(now)
        return any(
            _by_difference(then, self._former, current, ()) > 1 / K
            for key, then in self._before.items()
            if key not in now
        )

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

    With the two releases exchanged, it looks for who has gone among the rows that have. Where no
    hidden values are told, all rows of a class are alike, and none can be told to be new.
    """
    if set(row.hidden) <= {ANYTHING} or seen == row.visible or row.visible not in former:
        return 0.0
    new = current[row.visible] - former[row.visible]
    return 1 / new.total() if new[row.hidden] else 0.0
