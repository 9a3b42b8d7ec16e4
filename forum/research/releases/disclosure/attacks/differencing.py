"""Microdata beside the aggregates of before.

Aggregates count everybody who shares, microdata say exactly how many are in each band. Were the
people of the two to differ by a few, what these few have in common could be taken from the
difference. So they differ by nobody or by at least eight, on either side.
"""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from forum.activity.small_cells import FEW_MOST
from forum.research.releases.ledger.released_profiles import Rows

TRIES = 20  # people who are looked at before somebody is left out whose class goes with them


def apart(
    rows: Rows, counted: Sequence[frozenset[int]], settled: Callable[[Rows], Rows], seed: int
) -> Rows:
    """Leave people out until these rows are apart from everybody who was counted before.

    Few who are new are left out; where few are missing, some more are, drawn at random from the
    largest classes that can spare somebody. `settled` leaves out whom that has exposed.
    """
    dice = np.random.default_rng([seed, 2])
    while True:
        left = rows
        for people in counted:
            left = _without_few_new(left, people)
            left = _with_more_missing(left, people, settled, dice)
        left = settled(left)
        if len(left) == len(rows):
            return rows
        rows = left


def _without_few_new(rows: Rows, people: frozenset[int]) -> Rows:
    new = rows.keys() - people
    return (
        {key: row for key, row in rows.items() if key not in new} if len(new) <= FEW_MOST else rows
    )


def _with_more_missing(
    rows: Rows,
    people: frozenset[int],
    settled: Callable[[Rows], Rows],
    dice: np.random.Generator,
) -> Rows:
    """Leave out more, one by one, from the largest classes that can spare somebody."""
    missing = len(people - rows.keys())
    if not 0 < missing <= FEW_MOST:
        return rows
    left = dict(rows)
    for _ in range(FEW_MOST + 1 - missing):
        sizes = Counter(row.visible for row in left.values())
        known = [int(each) for each in dice.permutation(sorted(people & left.keys()))]
        known.sort(key=lambda key: -sizes[left[key].visible])
        if not known:
            break
        spared = (key for key in known[:TRIES] if _can_be_spared(left, key, settled))
        del left[next(spared, known[0])]
    return left


def _can_be_spared(rows: Rows, key: int, settled: Callable[[Rows], Rows]) -> bool:
    without = {each: row for each, row in rows.items() if each != key}
    return len(settled(without)) == len(without)
