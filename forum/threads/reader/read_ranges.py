"""Which posts of a thread somebody has read: all up to a number, and some of the later ones.

Nothing here knows of a database.
"""

from typing import NamedTuple

from forum.core import ids

Range = tuple[int, int]
RANGES_MAX = 100


class Position(NamedTuple):
    """A read position: every post up to `number` was read, and later ones by first and last."""

    number: int = 0
    ranges: tuple[Range, ...] = ()

    def read(self, *more: Range) -> "Position":
        """Return the position after reading more; ranges that touch become one.

        Of more than RANGES_MAX the longest are kept: the rest counts as unread.
        """
        joined: list[Range] = [(0, self.number)]
        for first, last in sorted((*self.ranges, *more)):
            start, end = joined[-1]
            if first <= end + 1:
                joined[-1] = start, max(end, last)
            else:
                joined.append((first, last))
        (_, number), *later = joined
        if len(later) > RANGES_MAX:
            later = sorted(sorted(later, key=_range_length)[-RANGES_MAX:])
        return Position(number, tuple(later))

    def has(self, number: int) -> bool:
        """Whether the post of this number was read."""
        return number <= self.number or any(first <= number <= last for first, last in self.ranges)

    def end(self, number: int) -> int:
        """Return up to which number everything was read from a post on that was read."""
        return next((last for first, last in self.ranges if first <= number <= last), self.number)

    def covers(self, first: int, last: int) -> bool:
        """Whether reading these posts would change nothing."""
        return last <= self.number or any(a <= first and last <= b for a, b in self.ranges)

    def all(self) -> tuple[Range, ...]:
        """Return everything that was read as ranges."""
        return ((1, self.number), *self.ranges) if self.number else self.ranges


def _range_length(some: Range) -> int:
    return some[1] - some[0]


def parse_ranges(written: str) -> tuple[Range, ...]:
    """Return ranges as a page names them, such as "3-7,9-9". Raises ValueError for anything else.

    Of more than RANGES_MAX the first are taken: a page holds twenty posts.
    """
    return tuple(_parse_range(one) for one in written.split(",")[:RANGES_MAX])


def _parse_range(written: str) -> Range:
    start, _, end = written.partition("-")
    first, last = ids.number(start), ids.number(end)
    if not first or not last or last < first:
        raise ValueError(f"not a range: {written}")
    return first, last
