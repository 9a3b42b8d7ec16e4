"""What a researcher may choose to look at: a fixed grid, in which no two choices part a few people.

Two choices whose people differ by one would show that person. So dates are whole weeks up to one
common end, and groups are one or all; which of these may be shown, and of whom, `populations` says.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from forum.activity.measures.study_record import WEEK, Window
from forum.core.translation import _, lazy

WEEKS_BACK = {"all": None, "12-weeks": 12, "4-weeks": 4}
PERIODS = {
    "all": lazy("From the beginning"),
    "12-weeks": lazy("The last 12 weeks"),
    "4-weeks": lazy("The last 4 weeks"),
}


@dataclass(frozen=True, order=True)
class FigureFilter:
    """A period, by its name in PERIODS, and a group, or 0 for all."""

    period: str = "all"
    group: int = 0

    @property
    def key(self) -> str:
        """The choice in one word, as it is kept and asked for."""
        return f"{self.period}.{self.group}"


def in_words(key: str) -> str:
    """Return what a choice looks at, by its key, for the log of a study."""
    name, group = key.split(".")
    period = PERIODS.get(name, name)
    if group == "0":
        return _("%(period)s, all groups", period=period)
    return _("%(period)s, group %(number)s", period=period, number=group)


def windows(begin: date, today: date, zone: str, groups: list[int]) -> dict[FigureFilter, Window]:
    """Return every choice of the grid; none before the first whole week is over."""
    weeks = (today - begin).days // WEEK
    found = dict[FigureFilter, Window]()
    for period, back in WEEKS_BACK.items():
        if weeks < 1 or (back is not None and back >= weeks):
            continue
        days_shown = weeks if back is None else back
        first = begin + timedelta(days=(weeks - days_shown) * WEEK)
        for group in (0, *groups):
            chosen = frozenset({group}) if group else frozenset[int]()
            found[FigureFilter(period, group)] = Window(first, days_shown * WEEK, zone, chosen)
    return found
