"""Joining all releases of a study's rows at once, as a fellow member could who has every one.

They know in which class of each release everybody is. Of one person's hidden values a later release
never says less than an earlier one, and panels tell on how many days they were active. So a row of
one release can be theirs only if a row of their class in each other release goes with it, and with
the days of all panels. A row that can be nobody else's is struck out for all others. And rows that
no other release has in a class are those of people who are in that class in this one alone.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, reduce
from itertools import combinations
from operator import or_

import numpy as np
import numpy.typing as npt

from forum.research.releases.disclosure.attacks.linkage import classes
from forum.research.releases.disclosure.attacks.linkage_across_tiers import (
    MICRODATA,
    active_days_at,
    days_by_period,
    fits_active_days,
    in_some_assignment,
    members_of_classes,
)
from forum.research.releases.disclosure.attacks.reidentification import TINY, Risks
from forum.research.releases.disclosure.disclosure_limits import K
from forum.research.releases.ledger.released_profiles import (
    ANYTHING,
    Class,
    Interval,
    ReleasedProfiles,
)
from forum.research.releases.participant_profiles.generalisation import FOREVER, Whole

AT_ONCE = "joining with all earlier releases at once"
ROWS_BEFORE = "rows of microdata {number}, joined with all releases at once"
Mask = npt.NDArray[np.bool_]
Path = tuple[Class | None, ...]  # somebody's class in each release, or None


@dataclass(frozen=True)
class DatedRelease:
    """What a release of rows said, and when it was made."""

    at: datetime
    rows: ReleasedProfiles

    @cached_property
    def tells_hidden(self) -> bool:
        """Whether a row says anything that members cannot see."""
        return any(set(row.hidden) - {ANYTHING} for row in self.rows.values())


class JointLinkage:
    """All earlier releases of rows, to be joined with what a new one of a `tier` would say."""

    steers = False

    def __init__(
        self,
        microdata: Sequence[DatedRelease],
        panels: Sequence[DatedRelease],
        tier: str,
        at: datetime,
    ) -> None:
        self._microdata, self._panels, self._tier, self._at = microdata, panels, tier, at
        self._before = _risks_by_release(microdata, panels)

    def risks(self, now: ReleasedProfiles) -> Risks:
        """Return the greatest chance of finding each in a release that the new one makes easier.

        Where a person who is not in the new release is left among too few, that of all others in
        their class is the same. Who is found no easier than before has 0.
        """
        found = dict.fromkeys(now, 0.0)
        for place, release in enumerate(self._joined(now)):
            before = self._before[place] if place < len(self._before) else _Found({}, [])
            for members in release.classes:
                risks = {key: release.risks[key] for key in members}
                if all(risk <= before.risks.get(key, 0) + TINY for key, risk in risks.items()):
                    continue
                gone = (risks[key] for key in members if key not in now)
                least = max((risk for risk in gone if risk > 1 / K + TINY), default=0.0)
                for key in now.keys() & risks.keys():
                    found[key] = max(found[key], risks[key], least)
        return np.array(list(found.values()))

    def attacks(self, now: ReleasedProfiles) -> dict[str, Risks]:
        """Return the chance of finding each row of the new release, and of those it exposes."""
        found = {}
        for place, release in enumerate(self._joined(now)):
            risks = np.array(list(release.risks.values()))
            if place == len(self._before):
                found[AT_ONCE] = risks
            elif risks.sum() > sum(self._before[place].risks.values()) + TINY:
                found[ROWS_BEFORE.format(number=place + 1)] = risks
        return found

    def reveals_missing_people(self, _now: ReleasedProfiles) -> bool:
        """Say that it does not: each earlier release says so by itself."""
        return False

    def _joined(self, now: ReleasedProfiles) -> list["_Found"]:
        """Return what is found in each earlier release of microdata, and in a new one."""
        new = DatedRelease(self._at, now)
        if self._tier != MICRODATA:
            return _risks_by_release(self._microdata, [*self._panels, new])
        if new.tells_hidden:
            return _risks_by_release([*self._microdata, new], self._panels)
        alone = _risks_by_release([new], [])
        return [*self._before, *alone]


@dataclass(frozen=True)
class _Found:
    """The chance of finding each person's row in one release, and who is in a class with whom."""

    risks: Mapping[int, float]
    classes: Sequence[Sequence[int]]


def _risks_by_release(
    microdata: Sequence[DatedRelease], panels: Sequence[DatedRelease]
) -> list[_Found]:
    joined = _Joined(microdata, panels)
    return [joined.find(place) for place in range(len(microdata))]


class _Class:
    """The members of a class of microdata, and its different rows with how many say each."""

    def __init__(self, rows: ReleasedProfiles, members: list[int]) -> None:
        self.members = members
        said = [rows[key].hidden for key in members]
        self.rows, row, self.many = np.unique(said, axis=0, return_inverse=True, return_counts=True)
        self.row: Whole = row.ravel()


class _Joined:
    """Releases of microdata, the oldest first, beside panels."""

    def __init__(self, microdata: Sequence[DatedRelease], panels: Sequence[DatedRelease]) -> None:
        self._microdata, self._panels = microdata, panels
        self._classes = [
            {
                seen: _Class(each.rows, members)
                for seen, members in members_of_classes(each.rows).items()
            }
            for each in microdata
        ]
        self._counts = [classes(each.rows) if each.tells_hidden else {} for each in microdata]
        self._left: dict[tuple[Path, Class], list[Mask]] = {}
        self._agree: dict[tuple[int, Class, int, Class], Mask] = {}

    def find(self, place: int) -> _Found:
        """Return the chance of finding each person's row in a release."""
        risks = dict.fromkeys(self._microdata[place].rows, 0.0)
        for seen, one in self._classes[place].items():
            left = np.stack([self._rows_left(key, place) for key in one.members])
            kinds, member = np.unique(left, axis=0, return_inverse=True)
            can_be = in_some_assignment(kinds, member.ravel(), one.row)
            among = (can_be @ one.many)[member.ravel()].tolist()
            for key, many in zip(one.members, among, strict=True):
                risks[key] = max(1 / many, self._risk_of_difference(place, seen, key))
        return _Found(risks, [each.members for each in self._classes[place].values()])

    def _rows_left(self, key: int, place: int) -> Mask:
        """Return which rows of somebody's class agree with all that other releases say."""
        path = tuple(
            each.rows[key].visible if key in each.rows and each.tells_hidden else None
            for each in self._microdata
        )
        if path[place] is None:
            return np.ones(1, dtype=bool)  # all rows of a class are the same
        days = self._days_of(key)
        if (path, days) not in self._left:
            self._left[path, days] = self._agreeing(path, days)
        return self._left[path, days][place]

    def _agreeing(self, path: Path, days: Class) -> list[Mask]:
        """Return which rows of each class on a path have one that agrees in every other class."""
        steps = [(place, seen) for place, seen in enumerate(path) if seen is not None]
        left = [np.ones(0, dtype=bool) for _ in path]
        for place, seen in steps:
            rows = self._classes[place][seen].rows
            left[place] = fits_active_days(rows, np.array([days[place]]))[0]
        pairs = [(first, last, self._pairs(first, last)) for first, last in combinations(steps, 2)]
        before = -1
        while before != (before := sum(int(each.sum()) for each in left)):
            for (first, _), (last, _), agree in pairs:
                left[last] = left[last] & agree[left[first]].any(axis=0)
                left[first] = left[first] & agree[:, left[last]].any(axis=1)
        return left

    def _pairs(self, first: tuple[int, Class], last: tuple[int, Class]) -> Mask:
        """Return which rows of an earlier class (down) may have become which of a later one."""
        if (*first, *last) not in self._agree:
            then, now = (self._classes[place][seen].rows for place, seen in (first, last))
            grown = then[:, None, :, 0] <= now[None, :, :, 1]
            self._agree[*first, *last] = np.asarray(grown.all(axis=2))
        return self._agree[*first, *last]

    def _days_of(self, key: int) -> Class:
        """Return on how many days somebody was active by the time of each release of microdata."""
        told = [
            (each.at, days_by_period(each.rows[key])) for each in self._panels if key in each.rows
        ]
        narrowed = [(at, _narrowed(days, [each for _, each in told])) for at, days in told]
        found = []
        for each in self._microdata:
            low, high = 0, FOREVER
            for at, days in narrowed:
                least, most = active_days_at(_days_later(each.at, at), days)
                low, high = max(low, least), min(high, most)
            found.append((low, high) if low <= high else ANYTHING)
        return tuple(found)

    def _risk_of_difference(self, place: int, seen: Class, key: int) -> float:
        """Look for somebody among the rows that no release has in which they are not in a class."""
        row = self._microdata[place].rows[key]
        others = [
            counts[seen]
            for other, counts in enumerate(self._counts)
            if other != place and seen in counts and not self._is_in(key, other, seen)
        ]
        if not others:
            return 0.0
        new = self._counts[place][seen] - reduce(or_, others, Counter[Class]())
        return 1 / new.total() if new[row.hidden] else 0.0

    def _is_in(self, key: int, place: int, seen: Class) -> bool:
        row = self._microdata[place].rows.get(key)
        return row is not None and row.visible == seen


def _days_later(at: datetime, panel_at: datetime) -> int:
    """Return how many days after a panel something was made, begun ones counted, on either side."""
    days = (at - panel_at).days
    return days + 1 if days >= 0 else days


def _narrowed(days: Class, others: Sequence[Class]) -> Class:
    """Return the days of each period as narrowly as all panels together say."""
    return tuple(
        _common([each[period] for each in others if period < len(each)])
        for period in range(len(days))
    )


def _common(intervals: Sequence[Interval]) -> Interval:
    """Return what all intervals have in common, or anything where that is nothing."""
    low, high = max(low for low, _ in intervals), min(high for _, high in intervals)
    return (low, high) if low <= high else ANYTHING
