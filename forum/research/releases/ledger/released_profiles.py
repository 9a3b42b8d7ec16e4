"""What is kept of what a release said, to set later ones beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forum.activity import measures

Interval = tuple[int, int]
Class = tuple[Interval, ...]
FOREVER = 2**40  # no count and no month is greater
ANYTHING = (0, FOREVER)
_MEASURES = measures.person_measures().values()
# What is known of a person that is no measure of what they did.
ATTRIBUTES = ("groups", "joined", "left_study")
# The names of a person's released variables: visible to fellow members, or hidden from them.
VISIBLE = (
    *(one.name for one in _MEASURES if one.bands and not one.bands.is_hidden),
    *ATTRIBUTES,
)
HIDDEN = tuple(one.name for one in _MEASURES if one.bands and one.bands.is_hidden)
# What microdata tell where nobody asks for other columns: how much somebody took part.
DOSE = tuple(one.name for one in _MEASURES if one.bands and one.bands.is_dose)
# The same of a panel: of the person, and then a measure for each period.
PERSON = ("observed", "joined", "left_study")
BY_PERIOD = tuple(one.name for one in _MEASURES if one.period_bands)
# What releases said before they were kept by name, in its order.
LEGACY_VISIBLE = ("posts", "threads", "meetings", "groups", "joined", "left_study", "active_days")
LEGACY_HIDDEN = ("reading_minutes_high", "sessions")


@dataclass(frozen=True)
class ReleasedProfile:
    """What one release said about one person: intervals of visible and of hidden variables."""

    visible: Class
    hidden: Class


@dataclass(frozen=True)
class LinkedClass:
    """People whom linked releases follow together, with the id that each of them has.

    `people` is how many had one in the latest of these releases, also who is followed no longer.
    """

    people: int
    ids: Mapping[int, str]


ReleasedProfiles = Mapping[int, ReleasedProfile]
NamedIntervals = Mapping[str, Sequence[int]]


def named_intervals(
    row: ReleasedProfile, visible: Sequence[str], hidden: Sequence[str]
) -> dict[str, Interval]:
    """Return a row as the ledger keeps it."""
    return dict(zip((*visible, *hidden), (*row.visible, *row.hidden), strict=True))


def read_profile(
    intervals: NamedIntervals, visible: Sequence[str] = VISIBLE, hidden: Sequence[str] = HIDDEN
) -> ReleasedProfile:
    """Return the row that is kept; of what was not told, it allows everything."""
    return ReleasedProfile(_some(intervals, visible), _some(intervals, hidden))


def period_variable(dose: str, period: int) -> str:
    """Return the name of what a panel says of a dose in a period, counted from 1."""
    return f"{dose}_{period}"


def read_panel_profile(intervals: NamedIntervals) -> ReleasedProfile:
    """Return the row of a panel that is kept, dose by dose and then period by period."""
    numbers = (name.rpartition("_")[2] for name in intervals)
    last = max((int(number) for number in numbers if number.isdigit()), default=0)
    doses = (period_variable(dose, period) for dose in BY_PERIOD for period in range(1, last + 1))
    return ReleasedProfile(_some(intervals, (*PERSON, *doses)), ())


def name_legacy_intervals(
    visible: Sequence[Sequence[int]], hidden: Sequence[Sequence[int]]
) -> NamedIntervals:
    """Return by name what was kept in order; active days were once told as hidden, last of all."""
    shown = [*visible, *hidden[len(LEGACY_HIDDEN) :]]
    unseen = hidden[: len(LEGACY_HIDDEN)]
    return dict(zip((*LEGACY_VISIBLE, *LEGACY_HIDDEN), (*shown, *unseen), strict=True))


def _some(intervals: NamedIntervals, names: Sequence[str]) -> Class:
    return tuple((low, high) for low, high in (intervals.get(name, ANYTHING) for name in names))
