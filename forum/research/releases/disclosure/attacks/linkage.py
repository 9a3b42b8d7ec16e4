"""Joining a release with an earlier one of the same study, as a fellow member could.

They know in which class somebody was then and is now. Hidden values only grow, so rows that do not
fit are struck out; who is new in a class is among the rows that are new in it, and who has gone
from one, or from the study, is among the rows that are no longer in it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np

from forum.research.releases.disclosure.attacks.reidentification import Risks
from forum.research.releases.disclosure.disclosure_limits import K
from forum.research.releases.ledger.released_profiles import (
    ANYTHING,
    Class,
    ReleasedProfile,
    ReleasedProfiles,
)

JOINING = "joining with {tier}"
Fits = Callable[[Class, Class], bool]
Members = Mapping[Class, Counter[Class]]


class EarlierRelease(Protocol):
    """Earlier releases, one or several, and how they can be joined with what a new one would say.

    With `steers`, classes are made to let this find nobody; else what they say is only tried.
    """

    steers: bool

    def risks(self, now: ReleasedProfiles) -> Risks:
        """Return everybody's chance of being found by joining."""
        ...

    def attacks(self, now: ReleasedProfiles) -> Mapping[str, Risks]:
        """Return the chance of finding each row, by attack."""
        ...

    def reveals_missing_people(self, now: ReleasedProfiles) -> bool:
        """Say whether rows that are missing now tell what was hidden of somebody without a row."""
        ...


class LinkageWithinTier:
    """One earlier release of the same tier, to be joined with what a new one would say.

    `fits` says whether hidden values that were told then and now may be one person's. `erased` are
    there if somebody had their part of it erased: what it said of them is not in `before` any more.
    """

    steers = True

    def __init__(
        self, before: ReleasedProfiles, fits: Fits | None = None, *, erased: bool = False
    ) -> None:
        self._before, self._former = before, classes(before)
        self._fits, self._erased = fits or _may_become, erased

    def risks(self, now: ReleasedProfiles) -> Risks:
        """Return everybody's chance of being found by joining."""
        current = classes(now)
        known: dict[
            tuple[ReleasedProfile, ReleasedProfile | None], float
        ] = {}  # many are alike, then and now
        risks = []
        for key, row in now.items():
            then = self._before.get(key)
            if (row, then) not in known:
                seen = then.visible if then else ()
                by_growth = self._by_growth(current[row.visible], self._former.get(seen, Counter()))
                came = _by_difference(row, current, self._former, seen)
                went = _by_difference(then, self._former, current, row.visible) if then else 0.0
                known[row, then] = max(by_growth, came, went)
            risks.append(known[row, then])
        return np.array(risks)

    def attacks(self, now: ReleasedProfiles) -> Mapping[str, Risks]:
        """Return the same, by what it is called."""
        return {JOINING.format(tier="release"): self.risks(now)}

    def reveals_missing_people(self, now: ReleasedProfiles) -> bool:
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

    def _by_growth(self, current: Counter[Class], earlier: Counter[Class]) -> float:
        """Strike out the rows whose hidden values are none that the person may have now."""
        if not earlier:
            return 1 / current.total()
        fitting = sum(
            count
            for values, count in current.items()
            if any(self._fits(earlier, values) for earlier in earlier)
        )
        return 1 / max(fitting, 1)


def leave_out_exposed(
    now: ReleasedProfiles,
    earlier: Sequence[EarlierRelease],
    k: int,
    people: int,
    least: int,
    released: Sequence[bool],
) -> ReleasedProfiles:
    """Leave out whom joining would find among fewer than `k`, and classes that are then too small.

    A class needs so many `people` and `least` different values of each released hidden variable of
    which it says anything.
    """
    while True:
        exposed = {
            key
            for each in earlier
            for key, risk in zip(now, each.risks(now), strict=True)
            if risk > 1 / k
        }
        stay = {key: row for key, row in now.items() if key not in exposed}
        good = {
            each for each, rows in classes(stay).items() if _hides(rows, people, least, released)
        }
        stay = {key: row for key, row in stay.items() if row.visible in good}
        if len(stay) == len(now):
            return stay
        now = stay


def _hides(rows: Counter[Class], people: int, least: int, released: Sequence[bool]) -> bool:
    told = (set(values) for values in zip(*rows, strict=True))
    enough = (
        len(each) >= least or each == {ANYTHING}
        for each, is_released in zip(told, released, strict=True)
        if is_released
    )
    return rows.total() >= people and all(enough)


def classes(rows: ReleasedProfiles) -> dict[Class, Counter[Class]]:
    """Return for each class how often each combination of hidden values occurs in it."""
    found: defaultdict[Class, Counter[Class]] = defaultdict(Counter)
    for row in rows.values():
        found[row.visible][row.hidden] += 1
    return dict(found)


def _may_become(earlier: Class, later: Class) -> bool:
    return all(then[0] <= now[1] for then, now in zip(earlier, later, strict=True))


def _by_difference(row: ReleasedProfile, current: Members, earlier: Members, seen: Class) -> float:
    """Look for who is new in a class among the rows that are new in it, by hidden values.

    With the two releases exchanged, it looks for who has gone among the rows that have. Without
    hidden values, all rows of a class are alike, and none can be seen to be new.
    """
    if set(row.hidden) <= {ANYTHING} or seen == row.visible or row.visible not in earlier:
        return 0.0
    new = current[row.visible] - earlier[row.visible]
    return 1 / new.total() if new[row.hidden] else 0.0
