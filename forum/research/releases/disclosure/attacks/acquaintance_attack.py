"""Friends who compare notes: participants who tell each other what they know, and who they are.

Everybody can see what is recorded of them, and so may recognise their own row. Each row that is
struck out leaves one candidate fewer, so that classes are made larger than `K` by as many as twenty
participants will share a class with somebody, but in one case of a million.
"""

from math import exp, lgamma

import numpy as np

from forum.research.releases.disclosure.attacks.reidentification import TRIALS, Chances, K
from forum.research.releases.profiles.generalisation import Whole

FRIENDS, ONE_IN = 20, 10  # twenty, or a tenth of a small study
RARELY = 1e-6


def friends_in(people: int) -> int:
    """Return how many friends a study of so many people is made to withstand."""
    return min(FRIENDS, people // ONE_IN)


def alike(people: int) -> int:
    """Return how many people at least a class needs so that `K` are left; all of a tiny study."""
    for size in range(K, K + friends_in(people)):
        if size >= people or _chance_of_more(size, people, size - K) <= RARELY:
            return min(size, people)
    return min(K + friends_in(people), people)


def by_friends(sizes: Whole, seed: int) -> Chances:
    """Return the chance of being found, in each of many tries with friends drawn at random.

    `sizes` says of each person how many are in their class. All friends are taken to know their
    own rows, and strike them out.
    """
    dice = np.random.default_rng([seed, 3])
    mine = sizes[dice.integers(0, len(sizes), TRIALS)]
    inside = dice.hypergeometric(mine - 1, len(sizes) - mine, friends_in(len(sizes)))
    return np.asarray(1.0 / (mine - inside))


def _chance_of_more(size: int, people: int, most: int) -> float:
    """Return the probability that more than `most` friends are among the others of a class."""
    others, friends = size - 1, friends_in(people)
    whole = _ways(people - 1, friends)
    return sum(
        exp(_ways(others, inside) + _ways(people - 1 - others, friends - inside) - whole)
        for inside in range(most + 1, min(friends, others) + 1)
        if friends - inside <= people - 1 - others
    )


def _ways(people: int, chosen: int) -> float:
    """Return the logarithm of the number of ways to choose some of these people."""
    return lgamma(people + 1) - lgamma(chosen + 1) - lgamma(people - chosen + 1)
