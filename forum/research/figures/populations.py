"""Who is counted in a study's figures, so that two figures set side by side tell of nobody.

Figures are drawn each week, of whoever takes part then. If one person has had everything erased
since, the old figures less the new ones would be that person. What is gone cannot be counted, but
it need not be alone: with those who have gone, others are left out for a while, drawn by lot from
people who are in the same figures. Others are drawn whenever somebody has gone from these figures,
and the former are counted again. So whatever figures are added up or taken from each other, who has
gone is in the company of a whole block whom nobody can know. People who are new wait until 8 are.

The last word has `ShownPopulations.admits`: a choice is shown if its people are the same as in
something that was shown, or differ from all that ever was by at least 8 on each side that differs,
and if no sum of sets and differences comes close to one person. Else its older figures stay.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from random import Random

from forum.activity.small_cells import FEW_MOST, are_far_apart
from forum.research.figures.filters import FigureFilter

BLOCK = 2 * (FEW_MOST + 1)  # some of them may go themselves before they are counted again
LEFT_OUT_MOST = 0.2  # of those who are in the same figures; where it would be more, figures wait
# Of what sets one person apart, by all sets together; a rule of eight for two sets comes to 1/8.
# Parts of a study may use up less of it, so that all of it can go on being shown.
EXPLAINED_MOST = 0.2
EXPLAINED_MOST_OF_PARTS = 0.15
TINY = 1e-9
TRIES = 8

People = frozenset[int]
NOBODY: People = frozenset()


@dataclass(frozen=True)
class CountedPopulations:
    """Who was counted: `shown` are all sets of people of whom anything was ever shown, `last` the
    latest of each choice, and `resting` the blocks that were left out of it.
    """

    shown: Collection[People] = ()
    last: Mapping[FigureFilter, People] = field(default_factory=dict)
    left_out: Collection[People] = ()


def choose_populations(
    populations: Mapping[FigureFilter, People], before: CountedPopulations, random: Random
) -> tuple[dict[FigureFilter, People], CountedPopulations]:
    """Return who is counted in each choice that may be shown anew, and what to keep of it.

    Lots are drawn several times. That draw is taken with which everybody together can be shown, and
    of these the one with which most other choices can.
    """
    best = dict[FigureFilter, People]()
    rest: Collection[People] = before.left_out
    whole = max(populations, key=lambda choice: len(populations[choice]), default=None)
    for _ in range(TRIES):
        left_out = _left_out_blocks(populations, before, random)
        found = _admitted(populations, before, left_out)
        if (whole in found, len(found)) > (whole in best, len(best)):
            best, rest = found, left_out
        if len(best) == len(populations):
            break
    shown = frozenset({*before.shown, *best.values()})
    return best, CountedPopulations(shown, {**before.last, **best}, rest)


def _left_out_blocks(
    populations: Mapping[FigureFilter, People], before: CountedPopulations, random: Random
) -> list[People]:
    """Return the blocks to leave out: others for those who have gone, the same as before for none.

    The others are drawn from people who are in the same choices as those who have gone.
    """
    was, now = _memberships(before.last), _memberships(populations)
    classes = {was[person] & frozenset(populations) for person in _gone(populations, before)}
    was_left_out = NOBODY.union(*before.left_out)
    stay = [block for block in before.left_out if not _in_classes(block, now, classes)]
    for same in sorted(classes, key=sorted):
        fit = [
            one
            for one, choices in now.items()
            if choices == same <= was.get(one, frozenset()) and one not in was_left_out
        ]
        size = min(BLOCK, int(LEFT_OUT_MOST * len(fit)))
        if size > FEW_MOST:
            stay.append(frozenset(random.sample(sorted(fit), size)))
    return stay


def _in_classes(
    block: People,
    now: Mapping[int, frozenset[FigureFilter]],
    classes: Collection[frozenset[FigureFilter]],
) -> bool:
    return any(now.get(one) in classes for one in block)


def _gone(populations: Mapping[FigureFilter, People], before: CountedPopulations) -> People:
    """Return those who have gone from a choice since it was shown last."""
    return NOBODY.union(
        *(last - populations.get(choice, last) for choice, last in before.last.items())
    )


def _memberships(populations: Mapping[FigureFilter, People]) -> dict[int, frozenset[FigureFilter]]:
    """Return of each person the choices that they are in."""
    found = dict[int, set[FigureFilter]]()
    for choice, people in populations.items():
        for person in people:
            found.setdefault(person, set()).add(choice)
    return {person: frozenset(choices) for person, choices in found.items()}


def _admitted(
    populations: Mapping[FigureFilter, People],
    before: CountedPopulations,
    left_out: Collection[People],
) -> dict[FigureFilter, People]:
    """Return who is counted in each choice that may be shown, the largest choices first."""
    was_left_out, out = NOBODY.union(*before.left_out), NOBODY.union(*left_out)
    taken, known, waiting = dict[FigureFilter, People](), ShownPopulations(before.shown), set[int]()
    order = sorted(populations, key=lambda one: (-len(populations[one]), one))
    for choice in order:
        last = before.last.get(choice, NOBODY)
        people = populations[choice] - out - (waiting - last)
        new = people - last - was_left_out
        if last and len(new) <= FEW_MOST:
            waiting |= new
            people -= new
        most = EXPLAINED_MOST if choice == order[0] else EXPLAINED_MOST_OF_PARTS
        if len(people) > FEW_MOST and known.admits(people, most):
            taken[choice] = people
            known.add(people)
    return taken


class ShownPopulations:
    """All sets of people of whom something is known, and what could be worked out from them."""

    def __init__(self, shown: Collection[People]) -> None:
        self._sets = set[People]()
        self._masks = dict[int, int]()  # of each person: a bit for each set that they are in
        for people in shown:
            self.add(people)

    def add(self, people: People) -> None:
        """Take one more set as known."""
        if people not in self._sets:
            bit = 1 << len(self._sets)
            self._sets.add(people)
            for person in people:
                self._masks[person] = self._masks.get(person, 0) | bit

    def admits(self, people: People, most: float) -> bool:
        """Whether nothing about few could be worked out if something were known of these, too.

        Not by taking one set from another, and by no longer sum of sets and differences either.
        """
        if people in self._sets:
            return True
        if not all(are_far_apart(people, other) for other in self._sets):
            return False
        bit = 1 << len(self._sets)
        everybody = self._masks.keys() | people
        patterns = Counter(
            self._masks.get(person, 0) | (bit if person in people else 0) for person in everybody
        )
        return _share_explained(patterns, len(self._sets) + 1) <= most


def _share_explained(patterns: Counter[int], width: int) -> float:
    """Return the greatest share of what sets one person apart that exact sums over sets explain.

    By the best sum of sets and differences there is, for somebody who knows no more of one person
    than of another: 1 for whoever can be had alone, 1 / n for each of n who can be had together.
    Also 1 if a sum can hold nobody but people of whom 7 or fewer are in exactly the same sets.
    """
    import numpy as np  # no page needs it

    counts = np.array(list(patterns.values()), dtype=float)
    rows = np.array(
        [[each >> place & 1 for place in range(width)] for each in patterns], dtype=float
    )
    left, sizes, _ = np.linalg.svd(rows * np.sqrt(counts)[:, None], full_matrices=False)
    rank = int((sizes > TINY * sizes[0]).sum())
    if np.linalg.matrix_rank(rows[counts > FEW_MOST]) < rank:
        return 1.0
    return float(((left[:, :rank] ** 2).sum(axis=1) / counts).max())
