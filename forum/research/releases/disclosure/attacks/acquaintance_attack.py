"""Friends who compare notes: participants who tell each other what they know, and who they are.

Everybody can see what is recorded of them, and so may recognise their own row. Each row that is
struck out leaves one candidate fewer, so classes are made larger than `K` by as many as twenty
participants will share a class with somebody, but in one case of a million.
"""

from math import exp, lgamma

import numpy as np

from forum.research.releases.disclosure.attacks.reidentification import TRIALS, Risks
from forum.research.releases.disclosure.disclosure_limits import K
from forum.research.releases.participant_profiles.generalisation import Whole

ACQUAINTANCES_MOST, ONE_IN = 20, 10  # twenty, or a tenth of a small study
RARELY = 1e-6


def acquaintances_in(people: int) -> int:
    """Return how many friends a study of so many people is made to withstand."""
    return min(ACQUAINTANCES_MOST, people // ONE_IN)


def least_class_size(people: int) -> int:
    """Return how many people at least a class needs for `K` to be left; all of a tiny study."""
    for size in range(K, K + acquaintances_in(people)):
        if size >= people or _probability_of_more(size, people, size - K) <= RARELY:
            return min(size, people)
    return min(K + acquaintances_in(people), people)


def risks_from_acquaintances(sizes: Whole, seed: int) -> Risks:
    """Return the chance of being found, in each of many tries with friends drawn at random.

    `sizes` says of each person how many are in their class. All friends are taken to know their
    own rows, and strike them out.
    """
    random = np.random.default_rng([seed, 3])
    mine = sizes[random.integers(0, len(sizes), TRIALS)]
    inside = random.hypergeometric(mine - 1, len(sizes) - mine, acquaintances_in(len(sizes)))
    return np.asarray(1.0 / (mine - inside))


def _probability_of_more(size: int, people: int, most: int) -> float:
    """Return the probability that more than `most` friends are among the others of a class."""
    others, acquaintances = size - 1, acquaintances_in(people)
    whole = _ways(people - 1, acquaintances)
    return sum(
        exp(_ways(others, inside) + _ways(people - 1 - others, acquaintances - inside) - whole)
        for inside in range(most + 1, min(acquaintances, others) + 1)
        if acquaintances - inside <= people - 1 - others
    )


def _ways(people: int, chosen: int) -> float:
    """Return the logarithm of the number of ways to choose some of these people."""
    return lgamma(people + 1) - lgamma(chosen + 1) - lgamma(people - chosen + 1)
