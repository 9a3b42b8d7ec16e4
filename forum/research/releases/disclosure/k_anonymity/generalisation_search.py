"""The search for classes in which everybody is like at least ten others.

Local recoding after Mondrian (LeFevre, DeWitt and Ramakrishnan, ICDE 2006): a class is split in two
at a cut point of one visible variable as long as both halves still hide everybody. Unlike there,
the split is not at the median but where it tells the most of all variables together, and the split
that tells the most comes first, until there are as many classes as a guess may be right for. Nobody
is left out for it, and no chance is involved.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from heapq import heappop, heappush
from itertools import combinations, count

import numpy as np

from forum.core.errors import Invalid
from forum.core.translation import lazy
from forum.research.releases.disclosure.attacks import attribute_inference
from forum.research.releases.disclosure.attacks.acquaintance_attack import (
    acquaintances_in,
    least_class_size,
)
from forum.research.releases.disclosure.attacks.attribute_inference import L
from forum.research.releases.disclosure.disclosure_limits import GOAL, WELL_BELOW, K
from forum.research.releases.disclosure.k_anonymity.equivalence_classes import (
    Classes,
    DoseUtility,
)
from forum.research.releases.ledger.released_profiles import Class
from forum.research.releases.participant_profiles.generalisation import (
    FOREVER,
    CountVariable,
    Whole,
)
from forum.research.releases.participant_profiles.profiles import Profiles

# A guess among those alike is right for one in each class. Two classes can be whatever that comes
# to: one would tell nothing.
FEW_CLASSES = 2
GUESS_MOST = WELL_BELOW * GOAL
FEW_PEOPLE = 5_000
LEAST_ORDER = 0.5  # a rank correlation of true and told dose below which others are tried
MATTERS = 0.3  # the weight of a dose for which that is worth the time
TOO_FEW = lazy(
    "Fewer than %(k)s people share their data: too few to hide anyone among others. Ask for "
    "aggregates, or wait until more people take part.",
    k=K,
)

Released = tuple[CountVariable, ...]
Admits = Callable[[Whole, Class, Released], bool]


@dataclass(frozen=True)
class Classification:
    """What rows say: a row for each person, and a column for each visible variable.

    `low` and `high` are the first and the last value that a row allows; `hidden_low` and
    `hidden_high` the same of hidden variables, of which those that are `released` allow less than
    everything. Classes have `least` people or more, and `number` says which a person is in.
    """

    low: Whole
    high: Whole
    hidden_low: Whole
    hidden_high: Whole
    released: Released
    least: int
    number: Whole


@dataclass(frozen=True)
class _Division:
    value: float
    doses: Mapping[int, DoseUtility]
    released: Released
    codes: Classes
    classes: list[Whole]


def admit_all(_members: Whole, _visible: Class, _released: Released) -> bool:
    """Admit every class, where there is no earlier release."""
    return True


def find_classes(
    profiles: Profiles,
    admits: Admits = admit_all,
    least: int = 0,
    guess_most: float = GUESS_MOST,
    few: int = FEW_CLASSES,
) -> Classification:
    """Return the classes that tell the most. Raises Invalid for too few people.

    Classes have `least` people if that is more than `least_class_size` asks for. There are no more
    than `most_classes` of `guess_most`, or `few` where these are more. `admits` says whether a
    class may be, given its members' places, what it says, and the released hidden variables. One of
    these is left out where it has too few different values, or where hiding it would cost more of
    the visible variables than it tells.
    """
    if profiles.people < K:
        raise Invalid(TOO_FEW, code="too_few_participants")
    least = min(max(least, least_class_size(profiles.people)), profiles.people)
    varying = tuple(
        each
        for each in profiles.hidden
        if each.name not in profiles.withheld and _distinct_intervals(profiles, each) >= L
    )
    number = max(few, most_classes(profiles.people, guess_most))
    divided = partial(_divide, profiles, admits, least, number)
    best = divided(())
    most = best.value  # of the visible variables, as long as nothing else need be hidden
    for released in _subsets(varying):
        if most + len(released) > best.value:
            best = max(best, divided(released), key=_worth)
    # What tells the most at first can leave no room for a dose where there are few people.
    for dose, utility in best.doses.items() if profiles.people <= FEW_PEOPLE else ():
        if utility.order < LEAST_ORDER and profiles.visible[dose].weight >= MATTERS:
            best = max(best, divided(best.released, dose), key=_worth)
    return _found(profiles, best, least)


def most_classes(people: int, guess_most: float = GUESS_MOST) -> int:
    """Return how many classes so many people can be in for no more than these guesses to be right.

    Also where friends strike out their own rows, which they do in classes of all sizes alike.
    """
    return int(guess_most * (people - acquaintances_in(people)))


def _found(profiles: Profiles, best: _Division, least: int) -> Classification:
    """Return what the classes say."""
    low, high = np.empty((2, profiles.people, len(profiles.visible)), dtype=np.int64)
    hidden_low = np.zeros((profiles.people, len(profiles.hidden)), dtype=np.int64)
    hidden_high, number = np.full_like(hidden_low, FOREVER), np.empty_like(low[:, 0])
    known = {each: attribute_inference.infer_bounds(profiles, each) for each in best.released}
    for place, members in enumerate(best.classes):
        number[members] = place
        low[members], high[members] = np.array(best.codes.intervals_of(members)).T
        for column, each in enumerate(profiles.hidden):
            if each in known:
                intervals = attribute_inference.published_intervals(each, known[each], members)
                hidden_low[members, column], hidden_high[members, column] = intervals
    return Classification(low, high, hidden_low, hidden_high, best.released, least, number)


def _distinct_intervals(profiles: Profiles, variable: CountVariable) -> int:
    """Return how many different bands there are, or intervals that one class of everybody says."""
    known = attribute_inference.infer_bounds(profiles, variable)
    counts = np.bincount(known.codes)[None, :]
    floor, cap = np.array([known.floor.max()]), np.array([known.cap.min()])
    told = int(attribute_inference.count_distinct(counts, floor, cap)[0])
    return min(told, int((counts > 0).sum()))


def _worth(divided: _Division) -> tuple[int, float]:
    """Return the key of comparison: first how many doses have any information, then how much of
    all.
    """
    return sum(dose.order > 0 for dose in divided.doses.values()), divided.value


def _subsets(hidden: Released) -> Iterator[Released]:
    """Yield all, all but one, and so on down to one: most told first."""
    for number in range(len(hidden), 0, -1):
        yield from combinations(hidden, number)


def _divide(
    profiles: Profiles,
    admits: Admits,
    least: int,
    most: int,
    released: Released,
    first: int | None = None,
) -> _Division:
    """Return at most `most` classes that hide some hidden variables, and what they and these tell.

    `first` is the place of the variable along which everybody is split first.
    """
    codes = Classes(profiles, released, least)
    everybody = np.arange(profiles.people)
    numbers = count()  # of equals the first found is split first
    done: list[Whole] = []
    waiting: list[tuple[float, int, Whole, list[Whole]]] = []

    def add(members: Whole, along: int | None = None) -> None:
        splits = [each for each in codes.splits(members) if along is None or each.place == along]
        for split in sorted(splits, key=lambda each: -each.tells):
            below = codes.codes[split.place, members] <= split.last
            sides = [members[below], members[~below]]
            if all(admits(side, codes.intervals_of(side), released) for side in sides):
                heappush(waiting, (-split.tells, next(numbers), members, sides))
                return
        done.append(members)

    add(everybody, first)
    while waiting and len(waiting) + len(done) < most:
        for side in heappop(waiting)[-1]:
            add(side)
    classes = [*done, *(members for *_, members, _ in waiting)]
    doses = codes.doses(classes)
    return _Division(codes.value(classes, doses), doses, released, codes, classes)
