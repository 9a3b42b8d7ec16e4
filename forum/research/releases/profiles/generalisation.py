"""Bands: how finely each variable can be told.

Everything that a fellow member can see is *visible*, and so is what follows from it: days on which
somebody visibly acted are active days. What only the forum knows is *hidden*. Level 0 is what
microdata are made of, whose intervals join neighbouring bands; level 1 are the bands of
aggregates. The cut points of level 1 are among those of level 0. Bands are fixed, so that they tell
no more in one release than in another.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forum.research.releases.ledger import released_profiles

Whole = npt.NDArray[np.int64]
FOREVER = released_profiles.FOREVER
MONTH, QUARTER = 1, 3


@dataclass(frozen=True)
class Counted:
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
class Dated:
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
class Answered:
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


Variable = Counted | Dated | Answered

_FEW = tuple(range(11))
_REACTIONS = ((0, 1, 2, 3, 5, 8, 13, 20, 50, 100, 200), (0, 1, 3, 8, 50))
_READING = (
    (0, 1, 10, 30, 60, 120, 240, 480, 960, 1920, 3840, 7680),
    (0, 1, 30, 120, 480, 1920, 7680),
)
VISIBLE: tuple[Variable, ...] = (
    Counted(
        "posts",
        ((*_FEW, 12, 15, 20, 25, 30, 40, 50, 70, 100, 140, 180), (0, 1, 3, 10, 50)),
        weight=1.0,
    ),
    Counted("threads", ((0, 1, 2, 3, 4, 5, 7, 10, 15, 20), (0, 1, 3, 10)), weight=0.3),
    Counted(
        "words",
        (
            (0, 1, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000),
            (0, 1, 100, 1000, 5000, 20_000),
        ),
        weight=0.3,
    ),
    Counted("reactions_given", _REACTIONS, weight=0.3),
    Counted("reactions_received", _REACTIONS, weight=0.3),
    Counted("meetings", ((0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20), (0, 1, 3, 10)), weight=0.3),
    Counted(
        "meeting_minutes",
        ((0, 1, 15, 30, 60, 120, 240, 480, 960, 1920), (0, 1, 60, 240, 960)),
        weight=0.3,
    ),
    Counted("groups", ((1, 2, 3, 4), (1, 2))),
    Dated("joined"),
    Answered("left_study"),
    Counted(
        "active_days",
        (
            (*_FEW, 12, 14, 17, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 180, 270, 360, 540),
            (0, 3, 8, 20, 60, 180, 540),
        ),
        weight=1.0,
    ),
)  # fmt: skip
# Visits follow active days closely: only fine bands can differ among people who are alike in these.
HIDDEN: tuple[Counted, ...] = (
    Counted("reading_minutes_low", _READING),
    Counted("reading_minutes_high", _READING),
    Counted(
        "sessions",
        (
            (0, 1, 2, 3, 5, 7, 10, 14, 20, 30, 45, 70, 100, 150, 220, 300, 500, 1000),
            (0, 3, 10, 30, 100, 300, 1000),
        ),
    ),
)
