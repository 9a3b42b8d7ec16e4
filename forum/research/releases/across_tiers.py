"""Joining microdata with the panel of the same study, as a fellow member could.

They know in which class of each somebody is. The rows of a panel's class are the same in all that
they say, so that nobody can be found among them. But the rows of a class of microdata differ in
what is hidden, and the panel tells on how many days somebody was active, also where nobody saw it:
rows with too few visits for that, or with more than these days have room for, are struck out.
"""

import numpy as np

from forum.activity.measures.record import MONTH
from forum.research.releases import earlier
from forum.research.releases.attack import Chances
from forum.research.releases.kept import BY_PERIOD, HIDDEN, PERSON, Class, Interval, Row, Rows
from forum.research.releases.profiles import MINUTES_A_DAY, VISITS_A_DAY

# Days of which microdata tell and a panel of the same day does not yet: the last period that is
# not over, and days that may not be over in all time zones.
NOT_IN_A_PERIOD = MONTH + 3
PANEL, MICRODATA = "panel", "microdata"


class AcrossTiers:
    """An earlier release of one of the two tiers, to be joined with a new one of the other.

    `name` is the tier of the earlier one, which was made so many `days` ago.
    """

    def __init__(self, before: Rows, name: str, days: int) -> None:
        self.name, self._before, self._days = name, before, days
        self._microdata = earlier.classes(before) if name == MICRODATA else {}

    def chances(self, now: Rows) -> Chances:
        """Return everybody's chance of being found by joining: 0 for who is in one of them only."""
        panel, rows = (now, self._before) if self.name == MICRODATA else (self._before, now)
        classes = self._microdata or earlier.classes(rows)
        known: dict[tuple[Class, Interval], float] = {}  # many are alike in both
        chances = np.zeros(len(now))
        for place, key in enumerate(now):
            if key not in panel or key not in rows:
                continue
            seen, active = rows[key].visible, self._active(panel[key])
            if (seen, active) not in known:
                fits = sum(
                    count for hidden, count in classes[seen].items() if _may_be(hidden, active)
                )
                known[seen, active] = 1 / max(fits, 1)
            chances[place] = known[seen, active]
        return chances

    def _active(self, row: Row) -> Interval:
        """Return the days on which somebody was active by the time of the microdata."""
        periods = (len(row.visible) - len(PERSON)) // len(BY_PERIOD)
        told = row.visible[len(PERSON) + BY_PERIOD.index("active_days") * periods :][:periods]
        low, high = (sum(min(each[end], MONTH) for each in told) for end in (0, 1))
        if self.name == MICRODATA:  # the panel tells of days that came later
            return max(0, low - self._days), high + NOT_IN_A_PERIOD
        return low, high + NOT_IN_A_PERIOD + self._days


def _may_be(hidden: Class, active: Interval) -> bool:
    """Whether a row's hidden values may be those of somebody who was active on so many days."""
    least, most = active
    said = dict(zip(HIDDEN, hidden, strict=True))
    return (
        said["sessions"][1] >= least
        and said["sessions"][0] <= most * VISITS_A_DAY
        and said["reading_minutes_high"][1] >= least
        and said["reading_minutes_high"][0] <= most * MINUTES_A_DAY
        and said["reading_minutes_low"][0] <= most * MINUTES_A_DAY
    )
