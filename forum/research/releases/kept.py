"""What is kept of what a release said, to set later ones beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

Interval = tuple[int, int]
Class = tuple[Interval, ...]
HIDDEN = 2  # how many values are hidden: reading time and visits; `bands` needs a library


@dataclass(frozen=True)
class Row:
    """What one release said about one person: intervals of visible and of hidden variables."""

    visible: Class
    hidden: Class


Rows = Mapping[int, Row]
