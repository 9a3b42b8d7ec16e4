"""What a researcher may choose to look at: a fixed grid, in which no two choices part a few people.

Two choices whose people differ by one would show that person. So dates are whole weeks up to one
common end, groups are one or all, and a choice is shown only if its people are the same as those of
everything else that was ever shown, or differ by at least 8.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from forum.activity.measures.record import WEEK, Window
from forum.activity.small_cells import FEW_MOST, apart

WEEKS_BACK = {"all": None, "12-weeks": 12, "4-weeks": 4}
PERIODS = {
    "all": "From the beginning",
    "12-weeks": "The last 12 weeks",
    "4-weeks": "The last 4 weeks",
}


@dataclass(frozen=True, order=True)
class Choice:
    """A period, by its name in PERIODS, and a group, or 0 for all."""

    period: str = "all"
    group: int = 0

    @property
    def key(self) -> str:
        """The choice in one word, as it is kept and asked for."""
        return f"{self.period}.{self.group}"


def windows(begin: date, today: date, zone: str, groups: list[int]) -> dict[Choice, Window]:
    """Return every choice of the grid; none before the first whole week is over."""
    weeks = (today - begin).days // WEEK
    found = dict[Choice, Window]()
    for period, back in WEEKS_BACK.items():
        if weeks < 1 or (back is not None and back >= weeks):
            continue
        looked_at = weeks if back is None else back
        first = begin + timedelta(days=(weeks - looked_at) * WEEK)
        for group in (0, *groups):
            chosen = frozenset({group}) if group else frozenset[int]()
            found[Choice(period, group)] = Window(first, looked_at * WEEK, zone, chosen)
    return found


def admitted(
    populations: Mapping[Choice, frozenset[int]], shown: Collection[frozenset[int]]
) -> list[Choice]:
    """Return the choices that may be shown beside each other and all that was ever shown.

    The largest are taken first; the others must be apart from them too.
    """
    taken, known = list[Choice](), list(shown)
    for choice in sorted(populations, key=lambda one: (-len(populations[one]), one)):
        looked_at = populations[choice]
        if len(looked_at) > FEW_MOST and all(apart(looked_at, earlier) for earlier in known):
            taken.append(choice)
            known.append(looked_at)
    return taken
