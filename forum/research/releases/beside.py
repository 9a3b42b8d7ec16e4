"""Microdata beside the aggregates of before.

Aggregates count everybody who shares, microdata say exactly how many are in each band. Were the
people of the two to differ by a few, what these few have in common could be taken from the
difference. So they differ by nobody or by at least eight, on either side.
"""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from forum.activity.small_cells import FEW_MOST
from forum.research.releases.kept import Rows


def apart(
    rows: Rows, counted: Sequence[frozenset[int]], settled: Callable[[Rows], Rows], seed: int
) -> Rows:
    """Leave people out until these rows are apart from everybody who was counted before.

    Few who are new are left out; where few are missing, some more are, drawn at random from the
    largest classes. `settled` leaves out whom that has exposed.
    """
    dice = np.random.default_rng([seed, 2])
    while True:
        left = rows
        for people in counted:
            left = _without_few_new(left, people)
            left = _with_more_missing(left, people, dice)
        left = settled(left)
        if len(left) == len(rows):
            return rows
        rows = left


def _without_few_new(rows: Rows, people: frozenset[int]) -> Rows:
    new = rows.keys() - people
    return (
        {key: row for key, row in rows.items() if key not in new} if len(new) <= FEW_MOST else rows
    )


def _with_more_missing(rows: Rows, people: frozenset[int], dice: np.random.Generator) -> Rows:
    missing = len(people - rows.keys())
    if not 0 < missing <= FEW_MOST:
        return rows
    left = dict(rows)
    sizes = Counter(row.visible for row in left.values())
    for _ in range(FEW_MOST + 1 - missing):
        known = sorted(people & left.keys())
        if not known:
            break
        largest = max(sizes[left[key].visible] for key in known)
        out = int(dice.choice([key for key in known if sizes[left[key].visible] == largest]))
        sizes[left.pop(out).visible] -= 1
    return left
