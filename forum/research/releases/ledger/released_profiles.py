"""What is kept of what a release said, to set later ones beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Interval = tuple[int, int]
Class = tuple[Interval, ...]
FOREVER = 2**40  # no count and no month is greater
ANYTHING = (0, FOREVER)
# The names of what is told of one person, here since `generalisation` needs a library.
VISIBLE = (
    "posts", "threads", "words", "reactions_given", "reactions_received", "meetings",
    "meeting_minutes", "groups", "joined", "left_study", "active_days",
)  # fmt: skip
HIDDEN = ("reading_minutes_low", "reading_minutes_high", "sessions")
# The same of a panel: of the person, and then a dose for each period.
PERSON = ("observed", "joined", "left_study")
BY_PERIOD = ("posts", "reactions_given", "meetings", "active_days")
# What releases said before they were kept by name, in its order.
FORMERLY = ("posts", "threads", "meetings", "groups", "joined", "left_study", "active_days")
FORMERLY_HIDDEN = ("reading_minutes_high", "sessions")


@dataclass(frozen=True)
class Row:
    """What one release said about one person: intervals of visible and of hidden variables."""

    visible: Class
    hidden: Class


@dataclass(frozen=True)
class Followed:
    """People whom linked releases follow together, with the id that each of them has.

    `people` is how many had one in the latest of these releases, also who is followed no longer.
    """

    people: int
    ids: Mapping[int, str]


Rows = Mapping[int, Row]
Said = Mapping[str, Sequence[int]]


def by_name(row: Row, visible: Sequence[str], hidden: Sequence[str]) -> dict[str, Interval]:
    """Return a row as the ledger keeps it."""
    return dict(zip((*visible, *hidden), (*row.visible, *row.hidden), strict=True))


def of(said: Said, visible: Sequence[str] = VISIBLE, hidden: Sequence[str] = HIDDEN) -> Row:
    """Return the row that is kept; of what was not told, it allows everything."""
    return Row(_some(said, visible), _some(said, hidden))


def by_period(dose: str, period: int) -> str:
    """Return the name of what a panel says of a dose in a period, counted from 1."""
    return f"{dose}_{period}"


def in_panel(said: Said) -> Row:
    """Return the row of a panel that is kept, dose by dose and then period by period."""
    periods = range(1, (len(said) - len(PERSON)) // len(BY_PERIOD) + 1)
    doses = (by_period(dose, period) for dose in BY_PERIOD for period in periods)
    return Row(_some(said, (*PERSON, *doses)), ())


def formerly(visible: Sequence[Sequence[int]], hidden: Sequence[Sequence[int]]) -> Said:
    """Return by name what was kept in order; active days were once told as hidden, last of all."""
    shown = [*visible, *hidden[len(FORMERLY_HIDDEN) :]]
    unseen = hidden[: len(FORMERLY_HIDDEN)]
    return dict(zip((*FORMERLY, *FORMERLY_HIDDEN), (*shown, *unseen), strict=True))


def _some(said: Said, names: Sequence[str]) -> Class:
    return tuple((low, high) for low, high in (said.get(name, ANYTHING) for name in names))
