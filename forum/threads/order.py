"""In which order posts stand when conversations are joined, and how far readers have read then.

Nothing here knows of a database.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple


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
    """How far people have read in a thread whose posts stood elsewhere before.

    `laid` is, for each post that stands there now, its spot before and its number now.
    """

    def __init__(self, laid: Iterable[tuple[Spot, int]]) -> None:
        by_thread: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.last = 0
        for before, now in laid:
            by_thread[before.thread_id].append((before.number, now))
            self.last = max(self.last, now)
        self._numbers: dict[int, list[int]] = {}
        self._first_after: dict[int, list[int]] = {}
        for thread_id, numbers in by_thread.items():
            numbers.sort()
            self._numbers[thread_id] = [before for before, _ in numbers]
            first_after = list(accumulate((now for _, now in reversed(numbers)), min))
            self._first_after[thread_id] = first_after[::-1]

    def read_up_to(self, marks: Mapping[int, int]) -> int:
        """Return the largest number up to which somebody with these marks has read everything.

        What they have read behind something unread counts as unread: nothing new is ever lost.
        """
        unread = self.last + 1
        for thread_id, numbers in self._numbers.items():
            place = bisect_right(numbers, marks.get(thread_id, 0))
            if place < len(numbers):
                unread = min(unread, self._first_after[thread_id][place])
        return unread - 1
