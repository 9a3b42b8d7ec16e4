"""Local recoding, and the attacks on its result: what microdata and panels have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from forum.core.errors import Invalid
from forum.core.translation import lazy
from forum.research.releases.disclosure import utility
from forum.research.releases.disclosure.attacks import (
    acquaintance_attack,
    attribute_inference,
    differencing,
    linkage,
    reidentification,
)
from forum.research.releases.disclosure.attacks.attribute_inference import L
from forum.research.releases.disclosure.attacks.linkage import EarlierRelease
from forum.research.releases.disclosure.attacks.reidentification import AttackResult, TooRisky
from forum.research.releases.disclosure.disclosure_limits import (
    GOAL,
    LIMIT,
    WELL_BELOW,
    K,
    in_percent,
)
from forum.research.releases.disclosure.k_anonymity.attack_suite import (
    ADVICE,
    try_attacks,
    try_linkage,
)
from forum.research.releases.disclosure.k_anonymity.generalisation_search import (
    FEW_CLASSES,
    Admits,
    Classification,
    Released,
    admit_all,
    find_classes,
    most_classes,
)
from forum.research.releases.ledger.released_profiles import (
    ANYTHING,
    Class,
    ReleasedProfile,
    ReleasedProfiles,
)
from forum.research.releases.participant_profiles.generalisation import (
    FOREVER,
    CountVariable,
    Variable,
    Whole,
)
from forum.research.releases.participant_profiles.profiles import Profiles

EXPOSED = lazy(
    "Joined with an earlier release, this one would give people away. Wait until more people take "
    "part, or ask for aggregates."
)
FEWER = 0.9  # classes for which a release is tried again
FOR_THE_CLASS = (
    "An interval that holds the values of at least ten others too, who agree in all such intervals."
)
FOR_THE_ROW = (
    "The band of this participant's own value, or an interval of low or high ones that could be "
    "anybody's who is alike. Empty where what others have seen leaves too little to hide among: so "
    "it isn't missing at random."
)
Limits = tuple[Whole, Whole, Whole]


@dataclass(frozen=True)
class Recoded:
    """The people in a release, their rows, and how these withstood attack.

    `chosen` are places in the profiles, and `rows` the intervals of each, by participant.
    `withheld` are hidden variables left out because they would reveal a person who is gone.
    """

    people: Profiles
    found: Classification
    chosen: Whole
    rows: ReleasedProfiles
    attacks: Sequence[AttackResult]
    withheld: tuple[str, ...] = ()

    def released(self, chosen: Whole | None = None) -> dict[Variable, Limits]:
        """Return the truth of each released variable, and the limits of what rows say."""
        everything = self._limits(self.chosen if chosen is None else chosen)
        return {
            each: limits
            for each, limits in everything.items()
            if each in self.people.visible or each in self.found.released
        }

    def findings(self) -> dict[str, object]:
        """Return what the disclosure report says, rounded, so nobody is counted out."""
        share = len(self.chosen) / self.people.people
        sizes = np.bincount(self.found.number[self.chosen])
        sizes = sizes[sizes > 0]
        requested = (each for each in self.people.hidden if each.name not in self.people.withheld)
        withheld_names = [each.name for each in requested if each not in self.found.released]
        withheld_names += self.withheld
        return {
            "k_required": K,
            "alike_required": self.found.least,
            "k_reached": int(sizes.min()),
            "friends_who_may_compare_notes": acquaintance_attack.acquaintances_in(
                self.people.people
            ),
            **({"l_required": L} if self.people.hidden else {}),
            "classes": len(sizes),
            "left_out_share": round_up_percent(1 - share),
            **utility.findings(self._limits(self.chosen), share),
            **({"hidden_values_not_told": withheld_names} if self.people.hidden else {}),
            "right_guesses_at_most": ceil(self.greatest_upper_bound * 1000) / 1000,
            "riskiest": max(self.attacks, key=lambda each: each.upper).attack,
        }

    @property
    def greatest_upper_bound(self) -> float:
        """The upper bound of the attack that finds most."""
        return reidentification.greatest_upper_bound(self.attacks)

    def _limits(self, chosen: Whole) -> dict[Variable, Limits]:
        found, people = self.found, self.people
        intervals = (
            (people.visible, found.low, found.high),
            (people.hidden, found.hidden_low, found.hidden_high),
        )
        return {
            each: (people.values[each.name][chosen], low[chosen, place], high[chosen, place])
            for variables, low, high in intervals
            for place, each in enumerate(variables)
            if each.name not in people.withheld
        }


def recode(
    people: Profiles,
    known: Mapping[str, Sequence[str]],
    earlier: Sequence[EarlierRelease],
    counted: Sequence[frozenset[int]],
    seed: int,
    least: int = 0,
    goal: float = GOAL,
    fewer: float = 1.0,
) -> Recoded:
    """Recode people in classes, and attack the result.

    `known` names what each further attack knows exactly, by variables. Whom linkage with an
    `earlier` release would find is left out until more are like them. Hidden variables are left out
    where rows of an `earlier` one would reveal a person who is gone. `counted` are the people in
    each earlier aggregate release; see `differencing.separate`. Classes have `least` people if that
    is more than needed. `goal` is how many guesses may be right at most, and there are `fewer`
    classes where it would be missed otherwise. Raises Invalid for too few people, TooRisky where an
    attack succeeds.
    """
    steering = [each for each in earlier if each.steers]
    admits = _unexposed(people, steering) if steering else admit_all
    guess_most = fewer * WELL_BELOW * goal
    found = find_classes(people, admits, least, guess_most)
    released = [each in found.released for each in people.hidden]
    # Hidden values are not told rather than that people are left out on their account.
    joined = steering if any(released) else earlier

    def without_exposed(left: ReleasedProfiles) -> ReleasedProfiles:
        return linkage.leave_out_exposed(left, joined, K, found.least, L, released)

    def tell_nothing_hidden() -> Recoded:
        hidden = frozenset(each.name for each in people.hidden) - people.withheld
        shown = replace(people, withheld=people.withheld | hidden)
        safe = recode(shown, known, earlier, counted, seed, least, goal, fewer)
        return replace(safe, withheld=tuple(sorted(hidden)))

    rows = differencing.separate(
        without_exposed(released_profiles_of(people, found)), counted, without_exposed, seed
    )
    if any(released) and any(each.reveals_missing_people(rows) for each in earlier):
        return tell_nothing_hidden()
    if not rows:
        raise Invalid(EXPOSED, code="cannot_be_hidden")
    chosen = np.searchsorted(people.participants, np.array(list(rows), dtype=np.int64))
    enough = most_classes(people.people, WELL_BELOW * goal) >= FEW_CLASSES
    at_once = [each.attacks(rows).values() for each in earlier if not each.steers]
    if any(released) and any(
        reidentification.finds_too_many(risks, goal if enough else LIMIT)
        for each in at_once
        for risks in each
    ):
        return tell_nothing_hidden()
    attacks = try_attacks(people, found, chosen, known, seed) + try_linkage(earlier, rows, seed)
    reidentification.refuse_if_risky(attacks, ADVICE)
    if enough and reidentification.greatest_upper_bound(attacks) > goal:
        if int(found.number.max()) < FEW_CLASSES:
            raise TooRisky(
                lazy(
                    "Joined with earlier releases, this one would let more than %(goal)s%% of "
                    "guesses be right, even with the broadest bands. Leave out visits and reading "
                    "time, wait until more people take part, or ask for aggregates.",
                    goal=in_percent(goal),
                )
            )
        return recode(people, known, earlier, counted, seed, least, goal, FEWER * fewer)
    return Recoded(people, found, chosen, rows, attacks)


def _unexposed(people: Profiles, earlier: Sequence[EarlierRelease]) -> Admits:
    """Return what admits a class only if joining with earlier releases finds nobody in it."""
    known = {each: attribute_inference.infer_bounds(people, each) for each in people.hidden}

    def admits(members: Whole, visible: Class, released: Released) -> bool:
        intervals = [
            attribute_inference.published_intervals(each, known[each], members) for each in released
        ]
        limits = np.zeros((len(members), len(people.hidden), 2), dtype=np.int64)
        limits[:, :, 1] = FOREVER
        for each, (low, high) in zip(released, intervals, strict=True):
            limits[:, people.hidden.index(each)] = np.stack([low, high], axis=1)
        rows = {
            int(people.participants[member]): ReleasedProfile(
                visible, tuple((low, high) for low, high in hidden)
            )
            for member, hidden in zip(members, limits.tolist(), strict=True)
        }
        return all((each.risks(rows) <= 1 / K).all() for each in earlier)

    return admits


def released_profiles_of(people: Profiles, found: Classification) -> ReleasedProfiles:
    """Return the intervals that each person's row says."""
    limits = (found.low, found.high, found.hidden_low, found.hidden_high)
    return {
        int(key): ReleasedProfile(
            tuple(zip(low, high, strict=True)), tuple(zip(unseen_low, unseen_high, strict=True))
        )
        for key, low, high, unseen_low, unseen_high in zip(
            people.participants, *(each.tolist() for each in limits), strict=True
        )
    }


def levels(variable: Variable, released: Limits, recoded: Recoded) -> list[str]:
    """Return the levels of a column as an ordered factor, the least first.

    Those of a hidden variable are all its bands, whether or not somebody is in them, and the
    intervals of low and high ones that are said. Where nothing is said, the cell is empty.
    """
    pairs = set(zip(released[1].tolist(), released[2].tolist(), strict=True))
    if isinstance(variable, CountVariable) and variable in recoded.people.hidden:
        pairs |= {variable.limits(code, 0) for code in range(len(variable.levels[0]))}
        pairs -= {ANYTHING}
    return [variable.interval(*pair) for pair in sorted(pairs)]


def round_up_percent(share: float) -> float:
    """Return a share rounded up to whole percents: beside the rows it must not count people."""
    return ceil(round(share * 100, 6)) / 100
