"""In which order posts stand when conversations are joined, and how far readers have read then.

Nothing here knows of a database.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple

from forum.threads.ranges import Position, Range


class Spot(NamedTuple):
    """Where a post stands; below 0 while it is held for a first look."""

    thread_id: int
    number: int


def by_time(*conversations: Sequence[tuple[int, datetime]]) -> list[int]:
    """Return the posts of several conversations in order of time.

    Each conversation is its posts with their moments. Its own order stays as it is, whatever the
    moments say (an importer may have brought them out of order); of posts of the same moment,
    those of the conversation named first come first.
    """
    marked = []
    for which, posts in enumerate(conversations):
        latest = accumulate((at for _, at in posts), max)
        marked += [
            (at, which, place, post_id)
            for place, ((post_id, _), at) in enumerate(zip(posts, latest, strict=True))
        ]
    return [post_id for *_, post_id in sorted(marked)]


class Carried:
    """What people have read in a thread whose posts stood elsewhere before.

    `laid` is, for each post that stands there now, its spot before and its number now.
    """

    def __init__(self, laid: Iterable[tuple[Spot, int]]) -> None:
        self._laid = sorted(laid, key=_now)

    def read(self, before: Mapping[int, Position]) -> Position:
        """Return what somebody has read now, by what they had read in each thread before."""
        nothing = Position()
        ranges: list[Range] = []
        reading = False
        for (thread_id, number), now in self._laid:
            was_reading, reading = reading, before.get(thread_id, nothing).has(number)
            if not reading:
                continue
            # Numbers that no post has lie between two that were read.
            first = ranges.pop()[0] if was_reading else now
            ranges.append((first, now))
        if ranges and ranges[0][0] == self._laid[0][1]:
            ranges[0] = 1, ranges[0][1]
        return nothing.read(*ranges)


def _now(laid: tuple[Spot, int]) -> int:
    return laid[1]
