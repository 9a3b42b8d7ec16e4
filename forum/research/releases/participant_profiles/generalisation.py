"""Bands: how finely each variable can be released.

Everything that a fellow member can see is *visible*, and so is what follows from it: days on which
somebody visibly acted are active days. What only the forum knows is *hidden*. Level 0 is what
microdata are made of, whose intervals join neighbouring bands; level 1 are the bands of aggregates.
The cut points of level 1 are among those of level 0. Bands are fixed, so they reveal no more in one
release than in another.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forum.activity import measures
from forum.research.releases.ledger import released_profiles

Whole = npt.NDArray[np.int64]
FOREVER = released_profiles.FOREVER
MONTH, QUARTER = 1, 3


@dataclass(frozen=True)
class CountVariable:
    """A count; each level is the first values of its bands.

    `weight` is how much the order of people by it matters beside its information, which counts
    `share`.
    """

    name: str
    levels: tuple[tuple[int, ...], ...]
    weight: float = 0.0
    share: float = 1.0

    def codes(self, values: Whole, level: int) -> Whole:
        """Return the number of the band that each value lies in."""
        found: Whole = np.searchsorted(np.array(self.levels[level]), values, side="right") - 1
        return found

    def limits(self, code: int, level: int) -> tuple[int, int]:
        """Return the first and the last value of a band."""
        cuts = (*self.levels[level], FOREVER + 1)
        return cuts[code], cuts[code + 1] - 1

    def label(self, code: int, level: int) -> str:
        """Return a band in words."""
        return self.interval(*self.limits(code, level))

    def interval(self, low: int, high: int) -> str:
        """Return an interval in words that no spreadsheet takes for a date."""
        if high == FOREVER:
            return f"{low} or more"
        return str(low) if low == high else f"{low} to {high}"

    def middle(self, low: Whole, high: Whole) -> npt.NDArray[np.float64]:
        """Return the middle of each interval of log(1 + count), since counts are skewed.

        One without an end goes up to where its last band begins.
        """
        last = np.minimum(high, self.levels[0][-1]).clip(low)
        return np.asarray(np.sqrt((1.0 + low) * (1.0 + last)) - 1)


@dataclass(frozen=True)
class MonthVariable:
    """A month, counted from year 0; each level is the number of months that a band is long."""

    name: str
    levels: tuple[int, ...] = (MONTH, QUARTER)
    weight: float = 0.0
    share: float = 1.0

    def codes(self, values: Whole, level: int) -> Whole:
        """Return the number of the band that each month lies in."""
        return values // self.levels[level]

    def limits(self, code: int, level: int) -> tuple[int, int]:
        """Return the first and the last month of a band."""
        length = self.levels[level]
        return code * length, (code + 1) * length - 1

    def label(self, code: int, level: int) -> str:
        """Return a band in words: a month, or a quarter."""
        low, high = self.limits(code, level)
        return f"{low // 12} quarter {low % 12 // 3 + 1}" if low < high else _month(low)

    def interval(self, low: int, high: int) -> str:
        """Return an interval in words."""
        return _month(low) if low == high else f"{_month(low)} to {_month(high)}"

    def middle(self, low: Whole, high: Whole) -> npt.NDArray[np.float64]:
        """Return the middle of each interval, in months."""
        return np.asarray((low + high) / 2)


@dataclass(frozen=True)
class YesNoVariable:
    """A yes or no."""

    name: str
    levels: tuple[tuple[str, ...], ...] = (("no", "yes"),)
    weight: float = 0.0
    share: float = 1.0

    def codes(self, values: Whole, _level: int) -> Whole:
        """Return 0 for no and 1 for yes."""
        return values

    def limits(self, code: int, _level: int) -> tuple[int, int]:
        """Return the first and the last of the answers that a band may mean."""
        return code, code

    def label(self, code: int, level: int) -> str:
        """Return the answer in words."""
        return self.levels[level][code]

    def interval(self, low: int, high: int) -> str:
        """Return the answer in words, or that it may be either."""
        return self.levels[0][low] if low == high else "no or yes"

    def middle(self, low: Whole, high: Whole) -> npt.NDArray[np.float64]:
        """Return 0 for no, 1 for yes, and a half for either."""
        return np.asarray((low + high) / 2)


def _month(month: int) -> str:
    return f"{month // 12} month {month % 12 + 1}"


Variable = CountVariable | MonthVariable | YesNoVariable

_ATTRIBUTES: dict[str, Variable] = {
    "groups": CountVariable("groups", ((1, 2, 3, 4), (1, 2))),
    "joined": MonthVariable("joined"),
    "left_study": YesNoVariable("left_study"),
}
_MEASURES = measures.person_measures()


def _count_variable(name: str) -> CountVariable:
    bands = _MEASURES[name].bands
    assert bands is not None  # noqa: S101 - only measures with bands are released of one person
    return CountVariable(name, (bands.fine, bands.broad), bands.weight)


VISIBLE = tuple(
    _ATTRIBUTES[name] if name in _ATTRIBUTES else _count_variable(name)
    for name in released_profiles.VISIBLE
)
HIDDEN = tuple(_count_variable(name) for name in released_profiles.HIDDEN)
