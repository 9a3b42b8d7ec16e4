"""Who is counted in a study's figures: two figures compared must not reveal anybody.

Figures are drawn each week, of the participants at that time. If one person has had everything
erased since, the old figures less the new ones would be that person. So people are counted in
blocks of eight or more, which are settled once, by lot: whatever is counted, all of a block are, or
none. When one of them has gone, the block is counted no longer. Whatever figures are added up or
taken from each other, in however many years, who has gone is in the company of the whole block,
whom nobody can know. Nothing is used up by time, so figures go on for as long as there are blocks.
People who are new wait until 8 are. A block is counted in a choice if all of it are in that choice.

The last word has `ShownPopulations.admits`, since figures were shown before there were blocks: a
choice is shown if its people are the same as in something that was shown, or differ from all that
ever was by at least 8 on each side that differs, and if no sum of sets and differences is about
fewer than 8. Else its older figures stay.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from forum.activity.small_cells import FEW_MOST, are_far_apart
from forum.research.figures.filters import FigureFilter

if TYPE_CHECKING:  # no page needs it
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

BLOCK = FEW_MOST + 1  # people in a block; some have more
# Of what sets one person apart, by all sets together. If it is an eighth for nobody more, there is
# no sum of sets and differences in which fewer than 8 people are.
EXPLAINED_MOST = 1 / (FEW_MOST + 1)
TINY = 1e-7

People = frozenset[int]
NOBODY: People = frozenset()


@dataclass(frozen=True)
class CountedPopulations:
    """Who was counted: `shown` are all sets of people of whom anything was ever shown, `last` the
    latest of each choice, and `blocks` the people who are counted together or not at all.
    """

    shown: Collection[People] = ()
    last: Mapping[FigureFilter, People] = field(default_factory=dict)
    blocks: Sequence[People] = ()


def choose_populations(
    populations: Mapping[FigureFilter, People], before: CountedPopulations, random: Random
) -> tuple[dict[FigureFilter, People], CountedPopulations]:
    """Return who is counted in each choice that may be shown again, and what to store of it."""
    blocks = [*before.blocks, *_new_blocks(populations, before, random)]
    known = ShownPopulations(NOBODY.union(*before.shown, *populations.values()), before.shown)
    found = dict[FigureFilter, People]()
    for choice in sorted(populations, key=lambda one: (-len(populations[one]), one)):
        there = populations[choice]
        people = NOBODY.union(*(block for block in blocks if block <= there))
        if people and known.admits(people):
            found[choice] = people
            known.add(people)
    shown = frozenset({*before.shown, *found.values()})
    return found, CountedPopulations(shown, {**before.last, **found}, blocks)


def _new_blocks(
    populations: Mapping[FigureFilter, People], before: CountedPopulations, random: Random
) -> Iterator[People]:
    """Yield blocks of people who are in none, of those in the same choices where that can be."""
    members = _memberships(populations)
    if not before.blocks:  # who has gone since figures were shown that knew no blocks
        members = _memberships(before.last) | members
    settled = NOBODY.union(*before.blocks)
    alike = defaultdict[frozenset[FigureFilter], list[int]](list)
    for person in sorted(members.keys() - settled):
        alike[members[person]].append(person)
    parts = [alike[choices] for choices in sorted(alike, key=sorted)]
    others = [person for part in parts if len(part) < BLOCK for person in part]
    for part in (*parts, others):
        if len(part) >= BLOCK:
            random.shuffle(part)
            number = len(part) // BLOCK
            yield from (frozenset(part[start::number]) for start in range(number))


def _memberships(populations: Mapping[FigureFilter, People]) -> dict[int, frozenset[FigureFilter]]:
    """Return of each person the choices that they are in."""
    found = dict[int, set[FigureFilter]]()
    for choice, people in populations.items():
        for person in people:
            found.setdefault(person, set()).add(choice)
    return {person: frozenset(choices) for person, choices in found.items()}


class ShownPopulations:
    """All sets of people of whom something is known, and what could be worked out from them.

    Sets of `everybody` are vectors; `_basis` spans all sums of them and of their differences. A set
    that is such a sum tells nothing new.
    """

    def __init__(self, everybody: Collection[int], shown: Iterable[People] = ()) -> None:
        import numpy as np

        self._place = {person: place for place, person in enumerate(sorted(everybody))}
        self._basis = np.zeros((len(self._place), 0))
        self._sets = set[People]()
        for people in sorted(shown, key=sorted):
            self.add(people)

    def add(self, people: People) -> None:
        """Take one more set as known."""
        if people not in self._sets:
            self._sets.add(people)
            self._basis = self._with(people)

    def admits(self, people: People) -> bool:
        """Whether nothing about few could be worked out if something were known of these, too.

        Not by taking one set from another, and by no longer sum of sets and differences either.
        What is known of few already is no reason to show no more that says nothing of them.
        """
        if people in self._sets:
            return True
        if not all(are_far_apart(people, other) for other in self._sets):
            return False
        found = _share_explained(self._with(people))
        return found <= max(EXPLAINED_MOST, _share_explained(self._basis)) + TINY

    def _with(self, people: People) -> "Numbers":
        """Return the basis with one more set."""
        import numpy as np

        inside = np.zeros(len(self._place))
        inside[[self._place[person] for person in people]] = 1
        new = inside
        for _ in range(2):  # a second time for what rounding has left
            new = new - self._basis @ (self._basis.T @ new)
        size = float(np.linalg.norm(new))
        if size <= TINY * len(people) ** 0.5:
            return self._basis
        return np.column_stack([self._basis, new / size])


def _share_explained(basis: "Numbers") -> float:
    """Return the greatest share of what sets one person apart that exact sums over sets explain.

    By the best sum of sets and differences there is, by an attacker who knows no more of one person
    than of another: 1 for a person who can be isolated, 1 / n for each of n who can be isolated
    together.
    """
    return float((basis**2).sum(axis=1).max(initial=0.0))
