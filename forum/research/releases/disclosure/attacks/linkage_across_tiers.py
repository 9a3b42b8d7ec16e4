"""Joining microdata with the panel of the same study, as a fellow member could.

They know in which class of each everybody is. The rows of a panel's class are the same in all that
they say, so nobody can be found among them. But the rows of a class of microdata differ in what is
hidden, and the panel tells on how many days somebody was active, also where nobody saw it: rows
with too few visits for that, or with more than these days have room for, are struck out. And a row
that can be nobody else's is one's own, so an attacker looking for one person also uses what the
panel says of all others in the class.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from forum.activity.measures.study_record import MONTH
from forum.research.releases.disclosure.attacks.linkage import JOINING
from forum.research.releases.disclosure.attacks.reidentification import Risks
from forum.research.releases.ledger.released_profiles import (
    ANYTHING,
    BY_PERIOD,
    HIDDEN,
    PERSON,
    Class,
    Interval,
    ReleasedProfile,
    ReleasedProfiles,
)
from forum.research.releases.participant_profiles.generalisation import Whole
from forum.research.releases.participant_profiles.profiles import MINUTES_A_DAY, VISITS_A_DAY

# Days of which microdata tell and a panel of the same day does not yet: the last period that is
# not over, and days that may not be over in all time zones.
NOT_IN_A_PERIOD = MONTH + 3
PANEL, MICRODATA = "panel", "microdata"
Members = dict[Class, list[int]]
Mask = npt.NDArray[np.bool_]


class LinkageAcrossTiers:
    """An earlier release of one of the two tiers, to be joined with a new one of the other.

    `tier` is that of the earlier one, which was made so many `days` ago.
    """

    steers = True

    def __init__(self, before: ReleasedProfiles, tier: str, days: int) -> None:
        self._tier, self._before, self._days = tier, before, days
        self._members = members_of_classes(before) if tier == MICRODATA else None

    def risks(self, now: ReleasedProfiles) -> Risks:
        """Return the chance of the person easiest to find in the microdata class of each.

        It is 0 for people in no microdata.
        """
        panel, rows = (now, self._before) if self._tier == MICRODATA else (self._before, now)
        found = dict.fromkeys(now, 0.0)
        classes = members_of_classes(now) if self._members is None else self._members
        for members in classes.values():
            if known := now.keys() & members:
                active = [self._active(panel[key]) if key in panel else ANYTHING for key in members]
                found |= dict.fromkeys(
                    known, _greatest_risk([rows[key].hidden for key in members], active)
                )
        return np.array(list(found.values()))

    def attacks(self, now: ReleasedProfiles) -> Mapping[str, Risks]:
        """Return the same, by what it is called."""
        return {JOINING.format(tier=self._tier): self.risks(now)}

    def reveals_missing_people(self, _now: ReleasedProfiles) -> bool:
        """Say that it does not: a panel tells nothing hidden that could be missed."""
        return False

    def _active(self, row: ReleasedProfile) -> Interval:
        """Return the days on which somebody was active by the time of the microdata."""
        later = -self._days if self._tier == MICRODATA else self._days
        return active_days_at(later, days_by_period(row))


def days_by_period(row: ReleasedProfile) -> Class:
    """Return on how many days somebody was active in each period of a panel."""
    periods = (len(row.visible) - len(PERSON)) // len(BY_PERIOD)
    start = len(PERSON) + BY_PERIOD.index("active_days") * periods
    return row.visible[start : start + periods]


def active_days_at(later: int, by_period: Class) -> Interval:
    """Return the days on which somebody was active by the time of microdata.

    These were made so many days `later` than the panel, or before it where that is negative.
    """
    low, high = (sum(min(each[end], MONTH) for each in by_period) for end in (0, 1))
    return max(0, low + min(0, later)), high + NOT_IN_A_PERIOD + max(0, later)


def members_of_classes(rows: ReleasedProfiles) -> Members:
    """Return who is in each class."""
    found = defaultdict[Class, list[int]](list)
    for key, row in rows.items():
        found[row.visible].append(key)
    return found


def _greatest_risk(hidden: Sequence[Class], active: Sequence[Interval]) -> float:
    """Return one over the rows that are left for the member of a class who has the fewest.

    Rows that say the same count as one, and so do members of whom the panel says the same.
    """
    rows, row, many = np.unique(hidden, axis=0, return_inverse=True, return_counts=True)
    days, member = np.unique(active, axis=0, return_inverse=True)
    row, member = row.ravel(), member.ravel()
    can_be = in_some_assignment(fits_active_days(rows, days), member, row)
    return 1 / int((can_be @ many).min())


def in_some_assignment(fits: Mask, member: Whole, row: Whole) -> Mask:
    """Return which rows (across) can be those of which members (down) of a class.

    `fits` says which agree with what is known of each, and `row` which one is that of each
    `member`, by kinds of both. In a way to give a row to everybody, two members can swap theirs, or
    several pass theirs round, where each fits the next one's. So a row can be somebody's if it fits
    them, and one can come back from its owner to them, from row to row that fits.
    """
    members, rows = fits.shape
    fits = fits.copy()
    fits[member, row] = True
    way = np.eye(members + rows, dtype=bool)
    way[:members, members:] = fits
    way[members + row, member] = True  # from a row to its owner
    while not np.array_equal(way, further := (way.astype(np.float32) @ way) > 0):
        way = further
    return np.asarray(fits & way[members:, :members].T)


def fits_active_days(rows: Whole, days: Whole) -> Mask:
    """Return whether rows (across) may be those of people who were active on such days (down)."""
    low, high = ({name: rows[:, place, end] for place, name in enumerate(HIDDEN)} for end in (0, 1))
    least, most = days[:, 0, None], days[:, 1, None]
    return np.asarray(
        (high["sessions"] >= least)
        & (low["sessions"] <= most * VISITS_A_DAY)
        & (high["reading_minutes_high"] >= least)
        & (low["reading_minutes_high"] <= most * MINUTES_A_DAY)
        & (low["reading_minutes_low"] <= most * MINUTES_A_DAY)
    )
