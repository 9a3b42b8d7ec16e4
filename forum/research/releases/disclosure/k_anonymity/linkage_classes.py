"""Who is followed from one linked release to the next, and in which classes.

An id that stays the same ties a row to all earlier rows with that id. So people who are followed
stay in the class of their first release: only its intervals change, and in all releases together
the rows of one id say the same as those of ten others, or more. The same holds of ids that end.
Where few of a class are gone, by withdrawing or since they agree no longer, others end with them,
drawn by lot; where too few would be left, the class ends as a whole. Whose id ended, though they
still agree, is followed again with newcomers, in classes of their own. Everybody else is in classes
apart from these, with ids that mean nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from forum.core.errors import Invalid
from forum.core.translation import lazy
from forum.research.releases.disclosure.attacks.acquaintance_attack import (
    acquaintances_in,
    least_class_size,
)
from forum.research.releases.disclosure.attacks.reidentification import Risks
from forum.research.releases.disclosure.disclosure_limits import K
from forum.research.releases.disclosure.k_anonymity.equivalence_classes import Classes
from forum.research.releases.disclosure.k_anonymity.generalisation_search import (
    FEW_CLASSES,
    GUESS_MOST,
    Classification,
    find_classes,
    most_classes,
)
from forum.research.releases.ledger.released_profiles import LinkedClass
from forum.research.releases.participant_profiles.generalisation import FOREVER, Whole
from forum.research.releases.participant_profiles.profiles import Profiles

LEFT_OUT_MOST = 0.1
# Of the classes that there may be, so many are followed at first: ids that end can be distinguished
# from ids that go on, so later releases need room for more.
FOLLOWED_MOST = 0.6
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class LinkageAssignment:
    """A class for everybody who can be in a linked release.

    `found` is what rows say, a place for each person of the profiles; `stay` are the places of the
    people in it. `before` is the class of the earlier releases in which each is followed, by its
    place there, and -1 for none; `anew` are the members of each class that is followed from now
    on. `ended` says how many ids of each earlier class have ended.
    """

    found: Classification
    stay: Whole
    before: Whole
    anew: Sequence[Whole]
    ended: Sequence[int]


def assign(
    people: Profiles,
    agreed: Collection[int],
    earlier: Sequence[LinkedClass],
    class_size: int,
    seed: int,
    without: Collection[int] = (),
) -> LinkageAssignment:
    """Return the classes of a linked release, of `class_size` people or more where that is wanted.

    `agreed` are the people who may be followed, `earlier` who was so far, and `without` who is left
    out of this release. Where more than `GUESS_MOST` guesses could be right among classes and ids
    that ended, classes that were followed end, but not in a study so small that this would not
    help. Raises Invalid where fewer may be followed than hide each other.
    """
    least = max(class_size, K, least_class_size(people.people))
    there = ~np.isin(people.participants, list(without))
    willing = there & np.isin(people.participants, list(agreed))
    before = _continued(people, willing, earlier, class_size, least, seed)
    parts = _partition(there & (before < 0), willing, least)
    bounded = most_classes(int(there.sum())) >= FEW_CLASSES
    while (before >= 0).any() and (
        parts.left_out > LEFT_OUT_MOST * there.sum()
        or (bounded and _room(parts, before, earlier) < parts.made)
    ):
        before[before == _first_to_end(before, earlier)] = -1
        parts = _partition(there & (before < 0), willing, least)
    if not len(parts.new) and not (before >= 0).any():
        raise Invalid(
            lazy(
                "Too few people can be followed. At least %(least)s people who share must agree to "
                "it, and be hidden among each other in all these releases together. Wait until "
                "more people agree, or ask for a release that follows nobody.",
                least=least,
            ),
            code="too_few_followed",
        )
    room = max(0.0, _room(parts, before, earlier))
    share = room / max(1, len(parts.new) + len(parts.rest))
    followed = max(FOLLOWED_MOST * share * len(parts.new), min(FEW_CLASSES, room - parts.made + 1))
    # Room in classes that are followed for some to leave without ending them.
    sizes_of = (
        (parts.new, min(least + K, len(parts.new)), followed),
        (parts.rest, least, min(share * len(parts.rest), room - int(followed))),
    )
    found, made = _classify(people, before, [each for each in sizes_of if len(each[0])], least)
    stay = np.flatnonzero(found.number >= 0)
    going = np.bincount(before[before >= 0], minlength=len(earlier))
    ended = [each.people - int(stayed) for each, stayed in zip(earlier, going, strict=True)]
    return LinkageAssignment(found, stay, before, made[0] if len(parts.new) else (), ended)


class _Partition(NamedTuple):
    """Who is newly followed, who has an id for one release, and how many are left out."""

    new: Whole
    rest: Whole
    left_out: int

    @property
    def made(self) -> int:
        """How many new classes are made at least."""
        return bool(len(self.new)) + bool(len(self.rest))


def _room(parts: _Partition, before: Whole, earlier: Sequence[LinkedClass]) -> float:
    """Return how many new classes can be made for `GUESS_MOST` guesses to be right, and no more.

    Friends strike out their own rows; and an attacker who follows ids looks among ended ones, too.
    """
    going = np.bincount(before[before >= 0], minlength=len(earlier))
    ended = np.array([each.people for each in earlier], dtype=np.int64) - going
    now = int(going.sum()) + len(parts.new) + len(parts.rest)
    followed = int((going > 0).sum())
    among_rows = max(FEW_CLASSES, GUESS_MOST * (now - acquaintances_in(now)))
    among_ids = max(FEW_CLASSES, GUESS_MOST * (now + int(ended.sum())))
    return min(among_rows, among_ids - int((ended > 0).sum())) - followed


def _first_to_end(before: Whole, earlier: Sequence[LinkedClass]) -> int:
    """Return the class that is followed no longer: the smallest of those from which some are gone.

    Of these the ids are in two parts, of which one is no more when all end.
    """
    places, sizes = np.unique(before[before >= 0], return_counts=True)
    whole = [size == earlier[place].people for place, size in zip(places, sizes, strict=True)]
    return int(places[np.lexsort((sizes, whole))[0]])


def _partition(free: Mask, willing: Mask, least: int) -> _Partition:
    """Divide people who are not followed from before."""
    everybody = np.flatnonzero(free)
    new, others = everybody[willing[everybody]], everybody[~willing[everybody]]
    if len(new) >= least and (len(others) >= least or len(others) <= LEFT_OUT_MOST * len(free)):
        rest = _enough(others, least)
    else:
        new, rest = new[:0], _enough(everybody, least)
    return _Partition(new, rest, len(everybody) - len(new) - len(rest))


def _enough(places: Whole, least: int) -> Whole:
    """Return places, or none where they are too few to hide each other."""
    return places if len(places) >= least else places[:0]


def _continued(
    people: Profiles,
    willing: Mask,
    earlier: Sequence[LinkedClass],
    class_size: int,
    least: int,
    seed: int,
) -> Whole:
    """Return the place of the earlier class in which each is followed further, or -1."""
    random = np.random.default_rng([seed, 6])
    before = np.full(people.people, -1)
    for place, each in enumerate(earlier):
        members = np.flatnonzero(willing & np.isin(people.participants, list(each.ids)))
        gone = each.people - len(members)
        if gone:
            stay = random.permutation(members)[max(0, K - gone) :]
            members = stay if len(stay) >= least else stay[:0]
        elif len(members) < max(class_size, K):
            members = members[:0]
        before[members] = place
    return before


def _classify(
    people: Profiles, before: Whole, parts: Sequence[tuple[Whole, int, float]], least: int
) -> tuple[Classification, list[list[Whole]]]:
    """Return what the rows of each class say, and the members of each new one.

    Of those of each part, classes have so many people at least, and there are so many at most.
    """
    shape = (people.people, len(people.visible))
    low, high = np.zeros(shape, dtype=np.int64), np.full(shape, FOREVER)
    number = before.copy()
    everybody = Classes(people, (), least)
    for place in np.unique(before[before >= 0]):
        members = np.flatnonzero(before == place)
        low[members], high[members] = np.array(everybody.intervals_of(members)).T
    made = []
    for members, size, most in parts:
        split = find_classes(people.at(members), least=size, guess_most=0, few=max(1, int(most)))
        low[members], high[members] = split.low, split.high
        number[members] = split.number + number.max() + 1
        made.append([members[split.number == each] for each in np.unique(split.number)])
    hidden = np.zeros((people.people, len(people.hidden)), dtype=np.int64)
    nothing = np.full_like(hidden, FOREVER)
    return Classification(low, high, hidden, nothing, (), least, number), made


def risks_from_linkage(
    rows: Sequence[object], ids: Sequence[str], earlier: Sequence[LinkedClass]
) -> Risks:
    """Return one over the ids with the same history, for everybody now and each id that ended.

    `rows` is what is said now of the person with each of the `ids`. Who knows the class that
    somebody was in, and is, is left with the ids of that class then whose rows say the same now.
    """
    place = {given: at for at, each in enumerate(earlier) for given in each.ids.values()}
    history = [(row, place.get(given, -1)) for row, given in zip(rows, ids, strict=True)]
    sizes: dict[object, int] = {}
    for each in history:
        sizes[each] = sizes.get(each, 0) + 1
    going = [0] * len(earlier)
    for given in ids:
        if given in place:
            going[place[given]] += 1
    ended = [each.people - stayed for each, stayed in zip(earlier, going, strict=True)]
    now = [1 / sizes[each] for each in history]
    return np.array([*now, *(1 / many for many in ended for _ in range(many))])
