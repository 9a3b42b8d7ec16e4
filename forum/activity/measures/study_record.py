"""What a measure is computed from: an open record of a study, in a window of days.

Weeks are seven days and months four weeks, both counted from the first day looked at, so every week
lies in one month, and sums add up.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WEEK, MONTH = 7, 28


@dataclass(frozen=True)
class Window:
    """What is looked at: whole days from the first on, in a time zone, of some groups or all.

    Acts that belong to no group (sessions, signing in) are looked at whatever the groups.
    """

    begin: date
    days: int
    zone: str = "UTC"
    groups: frozenset[int] = frozenset()
    unfinished: int = 0

    @property
    def days_over(self) -> int:
        """How many of the days are over everywhere."""
        return max(0, self.days - self.unfinished)


@dataclass(frozen=True)
class Record:
    """An open snapshot: tables `people`, `totals` (a row per person, with the first and the last
    day of use) and `writing` (a row per post), and the view `acts`.
    """

    base: "DuckDBPyConnection"
    window: Window

    def row(self, query: str) -> tuple[Any, ...]:
        """Return the only row of a query."""
        found: tuple[Any, ...] = self.base.execute(query).fetchall()[0]
        return found

    def number(self, query: str) -> float | None:
        """Return the only number of a query, if there is one."""
        value = self.row(query)[0]
        return None if value is None else float(value)
