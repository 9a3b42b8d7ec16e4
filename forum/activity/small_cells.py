"""What may be published of a number of people: 7 and fewer are hidden, the rest is rounded to 5.

Sums are of published values, so no small cell can be worked out from them.
"""

from collections.abc import Iterable, Set
from math import ceil

FEW_MOST, STEP = 7, 5
DOMINANT, WITHIN = 0.5, 0.1
FEW = f"{FEW_MOST} or fewer"
FEW_ON_EITHER_SIDE = f"{FEW}, or all but {FEW}"


def rounded_count(count: int, people: int | None = None) -> int | None:
    """Return a count rounded to 5, or None if it, or the people behind it, are 7 or fewer."""
    least = count if people is None else min(count, people)
    return None if least <= FEW_MOST else round(count / STEP) * STEP


def rounded_to_step(amount: float, people: int) -> int:
    """Return the published form of an amount to which so many people add; 0 for none."""
    return 0 if people <= FEW_MOST else int(STEP * round(amount / STEP))


def rounded_both_sides(count: int, everyone: int) -> int | None:
    """Return a count as published, or None if few or none are in it, or not in it.

    Were “everybody” published, it would be known of each, and “all but few” that it is not
    everybody.
    """
    return rounded_count(count, min(count, everyone - count))


def is_disclosive(people: int, amount: float, greatest: float, others: float) -> bool:
    """Whether a sum tells of one person: `others` is what all but the two greatest did.

    It does for few people, where one makes more than half, and where one of them could work out
    another's part to within a tenth (the p% rule of statistical disclosure control).
    """
    return people <= FEW_MOST or greatest > DOMINANT * amount or others < WITHIN * greatest


def sum_shown(cells: Iterable[int | None]) -> int:
    """Return the sum of published values; hidden ones add nothing."""
    return sum(cell or 0 for cell in cells)


def rounded_share(share: float, people: int) -> float:
    """Return a share of people, rounded to steps of 5 of them or more.

    "All of them" is a step like others, and so may be published as less than 1.
    """
    step = max(0.01, ceil(100 * STEP / people) / 100)
    return round(min(round(share / step), int(1 / step)) * step, 2)


def are_far_apart(one: Set[int], other: Set[int]) -> bool:
    """Say whether two sets of people are the same, or so different that nobody is singled out.

    A person in only one of them must be in the company of at least 7 more, on either side.
    """
    sides = (len(one - other), len(other - one))
    return all(side == 0 or side > FEW_MOST for side in sides)
