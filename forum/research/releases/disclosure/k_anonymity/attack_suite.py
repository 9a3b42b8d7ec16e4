"""All attacks on classes: what a fellow member knows, alone, with friends and earlier releases."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from forum.core.translation import lazy
from forum.research.releases.disclosure.attacks import (
    acquaintance_attack,
    attribute_inference,
    reidentification,
)
from forum.research.releases.disclosure.attacks.linkage import EarlierRelease
from forum.research.releases.disclosure.attacks.reidentification import (
    AttackResult,
    PublishedIntervals,
)
from forum.research.releases.disclosure.k_anonymity.generalisation_search import Classification
from forum.research.releases.ledger.released_profiles import ReleasedProfiles
from forum.research.releases.participant_profiles.generalisation import MonthVariable, Whole
from forum.research.releases.participant_profiles.profiles import Profiles

ADVICE = lazy("Wait until more people take part, or ask for aggregates.")
MOST_SOUGHT = 5_000  # people; in a larger release they are drawn at random
ACQUAINTANCES = "everything visible, pooled by friends who strike out their own rows"


def try_linkage(
    earlier: Sequence[EarlierRelease], rows: ReleasedProfiles, seed: int
) -> list[AttackResult]:
    """Try joining with earlier releases. Raises TooRisky where that narrows anybody down."""
    numbers = Counter[str]()
    found = []
    for each in earlier:
        for name, risks in each.attacks(rows).items():
            numbers[name] += 1
            numbered = f"{name} {numbers[name]}" if each.steers else name
            found.append(reidentification.try_attack(numbered, risks, seed))
    reidentification.refuse_if_narrowed(found, ADVICE)
    return found


def try_attacks(
    people: Profiles,
    found: Classification,
    chosen: Whole,
    known: Mapping[str, Sequence[str]],
    seed: int,
) -> list[AttackResult]:
    """Try what a fellow member could know, from four acts up to all, alone and with friends."""
    random = np.random.default_rng([seed, 4])
    few = (
        chosen if len(chosen) <= MOST_SOUGHT else random.choice(chosen, MOST_SOUGHT, replace=False)
    )
    published = _published(people, found, chosen, few)
    number = found.number[chosen]
    named = {
        "four known points": reidentification.risks_from_known_acts(published),
        **{
            name: reidentification.risks_from_variables(published, names)
            for name, names in known.items()
        },
        "everything visible": reidentification.risks_from_all_visible(published),
        "everything visible, and what follows from it": attribute_inference.risks_from_inference(
            people, number, found.hidden_low[chosen], found.hidden_high[chosen], chosen
        ),
    }
    attacks = [reidentification.try_attack(name, each, seed) for name, each in named.items()]
    reidentification.refuse_if_narrowed(attacks, ADVICE)
    pooled = acquaintance_attack.risks_from_acquaintances(np.bincount(number)[number], seed)
    return [*attacks, reidentification.try_attack(ACQUAINTANCES, pooled, seed, people=len(chosen))]


def _published(
    people: Profiles, found: Classification, chosen: Whole, sought: Whole
) -> PublishedIntervals:
    """Return what a fellow member sees of the release, and knows of the people who are sought.

    Of active days they are taken to know the number: it is exact for people who act visibly on
    each.
    """
    names = tuple(variable.name for variable in people.visible)
    nothing = np.zeros(people.people, dtype=np.int64)
    known = np.stack([people.points.get(name, nothing)[sought] for name in names], axis=1)
    points = reidentification.intervals_from_known_acts(
        known, [isinstance(variable, MonthVariable) for variable in people.visible]
    )
    truth = np.stack([people.values[name][sought] for name in names], axis=1)
    return PublishedIntervals(names, found.low[chosen], found.high[chosen], truth, *points)
