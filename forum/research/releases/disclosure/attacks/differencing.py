"""Microdata beside the aggregates of before.

Aggregates count everybody who shares, microdata say exactly how many are in each band. Were the
people of the two to differ by a few, what these few have in common could be taken from the
difference. So they differ by nobody or by at least eight, on either side.
"""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from forum.activity.small_cells import FEW_MOST
from forum.research.releases.ledger.released_profiles import ReleasedProfiles

TRIES = 20  # people who are looked at before somebody is left out whose class goes with them


def separate(
    rows: ReleasedProfiles,
    counted: Sequence[frozenset[int]],
    without_exposed: Callable[[ReleasedProfiles], ReleasedProfiles],
    seed: int,
) -> ReleasedProfiles:
    """Leave people out until these rows are apart from everybody who was counted before.

    Few who are new are left out; where few are missing, some more are, drawn at random from the
    largest classes that can spare somebody. `without_exposed` leaves out whom that has exposed.
    """
    random = np.random.default_rng([seed, 2])
    while True:
        left = rows
        for people in counted:
            left = _without_few_new(left, people)
            left = _with_more_missing(left, people, without_exposed, random)
        left = without_exposed(left)
        if len(left) == len(rows):
            return rows
        rows = left


def _without_few_new(rows: ReleasedProfiles, people: frozenset[int]) -> ReleasedProfiles:
    new = rows.keys() - people
    return (
        {key: row for key, row in rows.items() if key not in new} if len(new) <= FEW_MOST else rows
    )


def _with_more_missing(
    rows: ReleasedProfiles,
    people: frozenset[int],
    without_exposed: Callable[[ReleasedProfiles], ReleasedProfiles],
    random: np.random.Generator,
) -> ReleasedProfiles:
    """Leave out more, one by one, from the largest classes that can spare somebody."""
    missing = len(people - rows.keys())
    if not 0 < missing <= FEW_MOST:
        return rows
    left = dict(rows)
    for _ in range(FEW_MOST + 1 - missing):
        sizes = Counter(row.visible for row in left.values())
        known = [int(each) for each in random.permutation(sorted(people & left.keys()))]
        known.sort(key=lambda key: -sizes[left[key].visible])
        if not known:
            break
        spared = (key for key in known[:TRIES] if _can_be_spared(left, key, without_exposed))
        del left[next(spared, known[0])]
    return left


def _can_be_spared(
    rows: ReleasedProfiles,
    key: int,
    without_exposed: Callable[[ReleasedProfiles], ReleasedProfiles],
) -> bool:
    without = {each: row for each, row in rows.items() if each != key}
    return len(without_exposed(without)) == len(without)
