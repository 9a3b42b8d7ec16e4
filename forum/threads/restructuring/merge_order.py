"""In which order posts are when threads are merged, and how far readers have read then.

Nothing here knows of a database.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple

from forum.threads.reader.read_ranges import Position


class PostLocation(NamedTuple):
    """The place of a post; one that was never published has no number."""

    thread_id: int
    number: int | None


def merge_by_time(*conversations: Sequence[tuple[int, datetime]]) -> list[int]:
    """Return the posts of several threads in order of time.

    Each thread is its posts with their moments. Its own order stays as it is, whatever the
    moments say (an importer may have brought them out of order); of posts of the same moment,
    those of the thread named first come first.
    """
    marked = []
    for which, posts in enumerate(conversations):
        latest = accumulate((at for _, at in posts), max)
        marked += [
            (at, which, place, post_id)
            for place, ((post_id, _), at) in enumerate(zip(posts, latest, strict=True))
        ]
    return [post_id for *_, post_id in sorted(marked)]


NumberedLocation = tuple[int, int]  # a thread's id, and the number of a post there


class CarriedPositions:
    """What people have read in a thread whose posts were elsewhere before.

    `moved` is, for each post that is there now, where it was before and its number now. Thousands
    of posts may have a thousand readers, so what somebody has read is one number: bit n of it is
    the nth post.
    """

    def __init__(self, moved: Iterable[tuple[NumberedLocation, int]]) -> None:
        ordered = sorted(moved, key=_new_number)
        self._now = [now for _, now in ordered]
        self._before: dict[int, list[int]] = defaultdict(list)
        self._up_to: dict[int, list[int]] = defaultdict(lambda: [0])
        for (thread_id, number), nth in sorted(
            (location, nth) for nth, (location, _) in enumerate(ordered)
        ):
            self._before[thread_id].append(number)
            self._up_to[thread_id].append(self._up_to[thread_id][-1] | 1 << nth)

    def read(self, before: Mapping[int, Position]) -> Position:
        """Return what somebody has read now, by what they had read in each thread before."""
        seen = 0
        for thread_id in before.keys() & self._before.keys():
            for some in before[thread_id].all():
                seen |= self._posts(thread_id, *some)
        # Numbers that no post has lie between two that were read.
        ranges = [
            (self._now[run.start()], self._now[run.end() - 1])
            for run in _RUN_OF_ONES.finditer(f"{seen:b}"[::-1])
        ]
        if ranges and ranges[0][0] == self._now[0]:
            ranges[0] = 1, ranges[0][1]
        return Position().read(*ranges)

    def _posts(self, thread_id: int, first: int, last: int) -> int:
        numbers, up_to = self._before[thread_id], self._up_to[thread_id]
        return up_to[bisect_right(numbers, last)] ^ up_to[bisect_left(numbers, first)]


_RUN_OF_ONES = re.compile("1+")


def _new_number(moved: tuple[NumberedLocation, int]) -> int:
    return moved[1]
