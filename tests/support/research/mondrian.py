"""Classes by Mondrian, to compare ours with, and what either are worth.

K. LeFevre, D. J. DeWitt and R. Ramakrishnan, "Mondrian multidimensional k-anonymity", ICDE 2006.
"""

from typing import Any
from unittest.mock import patch

import numpy as np

from forum.research.releases.disclosure import utility as worth
from forum.research.releases.disclosure.attacks.acquaintance_attack import least_class_size
from forum.research.releases.disclosure.attacks.attribute_inference import L
from forum.research.releases.disclosure.disclosure_limits import K
from forum.research.releases.disclosure.k_anonymity import generalisation_search
from forum.research.releases.disclosure.k_anonymity.generalisation_search import Classification
from forum.research.releases.participant_profiles.generalisation import Whole
from forum.research.releases.participant_profiles.profiles import Profiles


def mondrian(community: Profiles, people: int, least: int) -> list[Whole]:
    """Return the classes of strict Mondrian: the widest variable is split at its median.

    Each has so many `people` and `least` different bands of each hidden variable.
    """
    columns = community.visible
    visible = np.stack([each.codes(community.values[each.name], 0) for each in columns])
    hidden = [each.codes(community.values[each.name], 0) for each in community.hidden]
    hidden = [each for each in hidden if len(set(each)) >= L]
    spans = np.maximum(np.ptp(visible, axis=1), 1)

    def divided(members: Whole) -> list[Whole]:
        mine = visible[:, members]
        for place in np.argsort(-np.ptp(mine, axis=1) / spans, kind="stable"):
            cuts = np.unique(mine[place])[:-1]
            for cut in sorted(cuts, key=lambda at: abs((mine[place] <= at).mean() - 0.5)):
                sides = [members[mine[place] <= cut], members[mine[place] > cut]]
                if all(
                    len(side) >= people and all(len(set(each[side])) >= least for each in hidden)
                    for side in sides
                ):
                    return [leaf for side in sides for leaf in divided(side)]
        return [members]

    return divided(np.arange(community.people))


def is_as_safe(community: Profiles, classes: int) -> list[Whole]:
    """Return Mondrian's classes with as few people in each as leave at most so many of them.

    A guess among those alike is right for one in each class.
    """
    people = least_class_size(community.people)
    while len(found := mondrian(community, people, L)) > classes:
        people += max(1, people // 20)
    return found


def with_as_many(community: Profiles, classes: int) -> Classification:
    """Return our classes with no bound on guesses but their number, and eleven alike as well."""
    with patch.object(generalisation_search, "least_class_size", return_value=K):
        return generalisation_search.find_classes(community, guess_most=0, few=classes)


def told_by(community: Profiles, classes: list[Whole]) -> tuple[Whole, Whole]:
    """Return the limits of each class in each visible variable, for each person."""
    low, high = np.empty((2, community.people, len(community.visible)), dtype=np.int64)
    for place, each in enumerate(community.visible):
        codes = each.codes(community.values[each.name], 0)
        for members in classes:
            low[members, place] = each.limits(int(codes[members].min()), 0)[0]
            high[members, place] = each.limits(int(codes[members].max()), 0)[1]
    return low, high


def judged(community: Profiles, low: Whole, high: Whole) -> dict[str, Any]:
    told = {
        each: (community.values[each.name], low[:, place], high[:, place])
        for place, each in enumerate(community.visible)
    }
    return worth.findings(told, 1.0)
