"""Tier A with differential privacy: counts and sums with noise, for an epsilon asked for.

Whether any one member is in the study changes the probability of every possible publication by a
factor of e to the epsilon at most. For that, each member counts in one band of each variable, and
in each sum only up to a bound that is fixed here and looks at nobody's data; the epsilon is shared
out evenly; and all that is decided afterwards, such as what is published at all, looks at noisy
numbers alone. The noise is OpenDP's discrete Laplace noise from its own secure source: no seed
brings it back.
"""

from collections import Counter
from dataclasses import dataclass
from math import exp, log

from forum.activity import measures
from forum.activity.measures.study_record import MONTH, Record
from forum.activity.small_cells import FEW_MOST
from forum.core.errors import Invalid
from forum.core.translation import lazy
from forum.research.releases.participant_profiles.generalisation import (
    HIDDEN,
    VISIBLE,
    CountVariable,
    Variable,
)

_MEASURES = measures.person_measures()
# When somebody joined and in how many groups are left out: fewer questions, less noise in each.
VARIABLES = {
    *(name for name, one in _MEASURES.items() if one.bands and one.bands.is_noisy),
    "left_study",
}
BOUNDS = {name: one.noise_bound for name, one in _MEASURES.items() if one.noise_bound}
QUESTIONS = len(VARIABLES) + len(BOUNDS)
CERTAINTY = 0.95
TOO_LITTLE_NOISE = lazy(
    "The noise would be too small for this epsilon, so nothing was written. Please tell the "
    "forum's administrators."
)

# A member's amounts count until their sum over all months reaches the bound.
SUMS = """
SELECT month, sum(least(upto, $bound) - least(upto - amount, $bound))::BIGINT AS amount
FROM (SELECT month, amount, sum(amount) OVER (PARTITION BY participant ORDER BY month) AS upto
      FROM (SELECT participant, month, floor($amount)::BIGINT AS amount
            FROM acts SEMI JOIN profiles USING (participant) GROUP BY participant, month)
      WHERE amount > 0)
GROUP BY month ORDER BY month
"""


@dataclass(frozen=True)
class Noise:
    """Noise for one release, which spends this epsilon of everybody in it."""

    epsilon: float

    @property
    def share(self) -> float:
        """Return the epsilon of each question."""
        return self.epsilon / QUESTIONS

    def added(self, numbers: list[int], most: int) -> list[int]:
        """Return numbers with noise; `most` is the greatest sum of changes that one member makes.

        Raises Invalid should the noise promise less than the share of epsilon.
        """
        import opendp.prelude as dp  # a quarter of a gigabyte that nothing else needs

        dp.enable_features("contrib")
        domain = dp.vector_domain(dp.atom_domain(T="i64"))
        noise = dp.m.make_laplace(domain, dp.l1_distance(T="i64"), scale=self.scale(most))
        spent = noise.map(most)  # type: ignore[no-untyped-call]
        if spent > self.share * (1 + 1e-9):
            raise Invalid(TOO_LITTLE_NOISE, code="epsilon")
        return [int(each) for each in noise(numbers)]

    def scale(self, most: int) -> float:
        """Return the mean size of the noise, with rounding on the safe side."""
        return most / self.share * (1 + 1e-12)

    def margin(self, most: int) -> int:
        """Return how far from the truth a number is at most, in 95 of 100 cases."""
        return round(self.scale(most) * -log(1 - CERTAINTY))

    def excess(self, most: int) -> int:
        """Return by how much a published value exceeds a true zero on average, if empty is 0.

        Half of the noise is below zero and published as empty, the other half adds to the truth. Of
        larger truths less is cut off: the excess shrinks by half with each 0.7 of the scale.
        """
        scale = self.scale(most)
        least = FEW_MOST + 1
        return round(exp(-least / scale) * (scale + least) / 2)

    def counts(
        self, true: Counter[tuple[int, tuple[int, int]]], levels: dict[str, int]
    ) -> dict[tuple[int, tuple[int, int]], int]:
        """Return noisy counts of every band that could have been, not only of those that are."""
        found: dict[tuple[int, tuple[int, int]], int] = {}
        for place, variable in enumerate((*VISIBLE, *HIDDEN)):
            if variable.name in VARIABLES:
                level = levels[variable.name]
                cells = [(place, variable.limits(code, level)) for code in _codes(variable, level)]
                noisy = self.added([true[cell] for cell in cells], 1)
                found |= dict(zip(cells, noisy, strict=True))
        return found

    def sums(self, record: Record) -> dict[str, list[int]]:
        """Return what was done in each four weeks, by measure, each member counted up to a bound.

        `profiles` must be in the record.
        """
        return {name: self.added(true, BOUNDS[name]) for name, true in bounded_sums(record).items()}

    def findings(self) -> dict[str, object]:
        """Return what a disclosure report says of the noise."""
        return {
            "epsilon": self.epsilon,
            "questions": QUESTIONS,
            "noise": "discrete Laplace (OpenDP)",
            "counts_of_people_are_within": self.margin(1),
            "a_count_of_nobody_is_told_too_high_by_on_average": self.excess(1),
            "a_sum_of_nothing_is_told_too_high_by_on_average": {
                name: self.excess(bound) for name, bound in BOUNDS.items()
            },
            "sums_are_within": {name: self.margin(bound) for name, bound in BOUNDS.items()},
            "each_member_counts_in_sums_up_to": dict(BOUNDS),
            "changes_a_probability_by_a_factor_of_at_most": round(exp(self.epsilon), 2),
            "even_guess_becomes_right_at_most": round(1 / (1 + exp(-self.epsilon)), 3),
        }


def bounded_sums(record: Record) -> dict[str, list[int]]:
    """Return the true sums of each four weeks, to which nobody adds more than a measure's bound."""
    months = -(-record.window.days // MONTH)
    found = {}
    for name, bound in BOUNDS.items():
        query = SUMS.replace("$amount", _MEASURES[name].sql).replace("$bound", str(bound))
        amounts = dict(record.base.execute(query).fetchall())
        found[name] = [int(amounts.get(month, 0)) for month in range(months)]
    return found


def _codes(variable: Variable, level: int) -> range:
    return range(len(variable.levels[level]) if isinstance(variable, CountVariable) else 2)
