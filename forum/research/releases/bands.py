"""Bands: how each variable is coarsened, from the finest published level to not at all told.

Everything that a fellow member can see is *visible*, and coarsened until nobody stands out.
What only the forum knows is *hidden*; its bands are fixed, so that they tell no more in one
release than in another. Cut points are nested: a coarser level only joins bands.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
FOREVER = 2**40  # no count and no month is greater


@dataclass(frozen=True)
class Counted:
    """A count; each level is the first values of its bands."""

    name: str
    levels: tuple[tuple[int, ...], ...]

    def codes(self, values: Whole, level: int) -> Whole:
        """Return the number of the band that each value lies in."""
        found: Whole = np.searchsorted(np.array(self.levels[level]), values, side="right") - 1
        return found

    def limits(self, code: int, level: int) -> tuple[int, int]:
        """Return the first and the last value of a band."""
        cuts = (*self.levels[level], FOREVER + 1)
        return cuts[code], cuts[code + 1] - 1

    def label(self, code: int, level: int) -> str:
        """Return a band in words that no spreadsheet takes for a date."""
        low, high = self.limits(code, level)
        if high == FOREVER:
            return f"{low} or more" if level < len(self.levels) - 1 or not level else "any"
        return str(low) if low == high else f"{low} to {high}"


@dataclass(frozen=True)
class Dated:
    """A month, counted from year 0; each level is the number of months that a band is long."""

    name: str
    levels: tuple[int, ...]

    def codes(self, values: Whole, level: int) -> Whole:
        """Return the number of the band that each month lies in."""
        return values // self.levels[level]

    def limits(self, code: int, level: int) -> tuple[int, int]:
        """Return the first and the last month of a band."""
        length = self.levels[level]
        return code * length, (code + 1) * length - 1

    def label(self, code: int, level: int) -> str:
        """Return a band in words: a month, a quarter, a half, a year, or any."""
        length = self.levels[level]
        year, month = divmod(code * length, 12)
        if length > 12:
            return "any"
        parts = {
            1: f"{year} month {month + 1}",
            3: f"{year} quarter {month // 3 + 1}",
            6: f"{year} half {month // 6 + 1}",
            12: f"{year}",
        }
        return parts[length]


@dataclass(frozen=True)
class Answered:
    """A yes or no, told or not told."""

    name: str
    levels: tuple[tuple[str, ...], ...] = (("no", "yes"), ("any",))

    def codes(self, values: Whole, level: int) -> Whole:
        """Return 0 for no and 1 for yes, and 0 for all where it is not told."""
        return values if level == 0 else np.zeros_like(values)

    def limits(self, code: int, level: int) -> tuple[int, int]:
        """Return the first and the last of the answers that a band may mean."""
        return (code, code) if level == 0 else (0, 1)

    def label(self, code: int, level: int) -> str:
        """Return the answer in words."""
        return self.levels[level][code]


Variable = Counted | Dated | Answered

VISIBLE: tuple[Variable, ...] = (
    Counted(
        "posts",
        ((0, 1, 2, 3, 5, 10, 20, 50, 100, 180), (0, 1, 3, 10, 50), (0, 1, 10), (0, 1), (0,)),
    ),
    Counted("threads", ((0, 1, 2, 3, 5, 10), (0, 1, 3, 10), (0, 1), (0,))),
    Counted("meetings", ((0, 1, 2, 3, 5, 10, 20), (0, 1, 3, 10), (0, 1), (0,))),
    Counted("groups", ((1, 2, 3), (1, 2), (1,))),
    Dated("joined", (1, 3, 6, 12, 12_000_000)),
    Answered("left_study"),
)
HIDDEN: tuple[Counted, ...] = (
    Counted("reading_minutes_high", ((0, 1, 30, 120, 480, 1920, 7680),)),
    Counted("sessions", ((0, 3, 10, 30, 100, 300, 1000),)),
    Counted("active_days", ((0, 3, 8, 20, 60, 180, 540),)),
)
