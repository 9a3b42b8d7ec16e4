"""Weeks in the life of a study, as sets of people: who comes, leaves, erases, and joins a group."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from random import Random

import numpy as np

from forum.research.figures.filters import WEEKS_BACK, FigureFilter
from forum.research.figures.populations import CountedPopulations, People, choose_populations

ALL = FigureFilter("all", 0)


@dataclass
class Person:
    """When somebody came and left, in weeks, and their groups."""

    came: int
    left: int | None
    groups: set[int]


@dataclass
class History:
    """A study in some groups; rates are how many a week do something, on average."""

    seed: int
    members: int = 900
    groups: int = 0
    erase: float = 1
    come: float = 4
    leave: float = 1
    regroup: float = 0
    people: dict[int, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random, self.numbers = Random(self.seed), 0
        self.rates = np.random.default_rng(self.seed)
        self._come(self.members, -1)

    def weeks(self, weeks: int) -> Iterator[dict[FigureFilter, People]]:
        """Yield who is in each choice, week by week."""
        for week in range(weeks):
            if week:
                for key in self._some(self.erase, self.people):
                    del self.people[key]
                self._come(self.rates.poisson(self.come), week)
                staying = [key for key, one in self.people.items() if one.left is None]
                for key in self._some(self.leave, staying):
                    self.people[key].left = week
                for key in self._some(self.regroup, self.people):
                    self.people[key].groups.add(self.random.randint(1, self.groups))
            yield {
                FigureFilter(period, group): self._in(group, None if back is None else week - back)
                for period, back in WEEKS_BACK.items()
                for group in range(self.groups + 1)
            }

    def _some(self, rate: float, among: Collection[int]) -> list[int]:
        return self.random.sample(sorted(among), min(len(among), int(self.rates.poisson(rate))))

    def _come(self, number: int, week: int) -> None:
        for _ in range(number):
            self.numbers += 1
            home = self.random.randint(1, self.groups) if self.groups else 0
            self.people[self.numbers] = Person(week, None, {0, home})

    def _in(self, group: int, since: int | None) -> People:
        return frozenset(
            key
            for key, one in self.people.items()
            if group in one.groups and (since is None or one.left is None or one.left >= since)
        )


def shown_of(
    history: History, weeks: int
) -> tuple[CountedPopulations, list[dict[FigureFilter, People]]]:
    """Return everything that figures of such a study ever showed, and what was drawn each week."""
    before, drawn = CountedPopulations(), []
    for populations in history.weeks(weeks):
        found, before = choose_populations(populations, before, history.random)
        drawn.append(found)
    return before, drawn


def disclosed_of_one(shown: Collection[People]) -> float:
    """Return how much of one person's value the best sum of exact sums over sets can explain.

    It is the leverage of a person, where what is shown are sums of what each of them adds: 1 for
    somebody whose own value can be worked out, 1 / n where that of n people together can.
    """
    everybody = sorted(frozenset[int]().union(*shown))
    sets = np.array([[key in people for people in shown] for key in everybody], dtype=float)
    inverse = np.linalg.pinv(sets, rcond=1e-9)  # what rounding leaves of sums that are 0 is none
    return float(np.einsum("ps,sp->p", sets, inverse).max())
