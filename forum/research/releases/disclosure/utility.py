"""What a release is worth to an analyst, of the variables that vary alone.

Mutual information says how much of a variable is kept, the rank correlation whether people stay in
order, and the slope of a logistic regression whether a relation with an outcome comes out as strong
as it is.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from forum.research.releases.participant_profiles.generalisation import (
    FOREVER,
    HIDDEN,
    CountVariable,
    Variable,
    Whole,
)

Numbers = npt.NDArray[np.float64]
HARDLY_ANYTHING = 0.05  # of a column's information
STEPS, NEAR = 50, 1e-9  # of Newton's method


def findings(
    released: Mapping[Variable, tuple[Whole, Whole, Whole]], share_kept: float
) -> dict[str, object]:
    """Return what the disclosure report says, given the truth and the released interval of each
    value.

    Information is that of the finest bands, and of the broad ones that aggregates have. It counts
    as lost for people who are left out. Slopes are of an outcome whose log odds rise by 1 with each
    standard deviation of log(1 + dose), without chance; an analyst takes the middle of the released
    interval for the dose, and the rows where a hidden value is not empty. All is rounded to
    hundredths.
    """
    shares, broadly, order, slopes = (dict[str, float]() for _ in range(4))
    for variable, (truth, low, high) in released.items():
        if truth.min() == truth.max():
            continue
        labels = np.unique(np.stack([low, high]), axis=1, return_inverse=True)[1]
        for level, found in ((0, shares), (min(1, len(variable.levels) - 1), broadly)):
            bands = variable.codes(truth, level)
            if bands.min() < bands.max():
                found[variable.name] = round(information(bands, labels) * share_kept, 2)
        if isinstance(variable, CountVariable):
            filled = (low > 0) | (high < FOREVER) | (variable not in HIDDEN)
            told, middle = truth[filled], variable.middle(low[filled], high[filled])
            if len(np.unique(told)) > 1:
                order[variable.name] = round(rank_correlation(told, middle), 2)
                slopes[variable.name] = round(slope_error(told, middle), 2)
    return {
        "information_kept": _mean(shares),
        "information_kept_by_variable": shares,
        "information_kept_of_broad_bands": _mean(broadly),
        "columns_that_tell_hardly_anything": [
            name
            for name, kept in shares.items()
            if max(kept, broadly.get(name, 0)) < HARDLY_ANYTHING
        ],
        "rank_correlation_of_true_and_told_dose": order,
        "error_of_a_logistic_slope": slopes,
    }


def _mean(shares: Mapping[str, float]) -> float:
    return round(float(np.mean(list(shares.values()))), 2) if shares else 0.0


def information(values: Whole, labels: Whole) -> float:
    """Return the share of the values' entropy that labels tell; values must vary."""
    _, value = np.unique(values, return_inverse=True)
    _, label = np.unique(labels, return_inverse=True)
    both = np.unique(value * (int(label.max()) + 1) + label, return_counts=True)[1]
    whole = entropy(np.bincount(value))
    return max(0.0, (whole + entropy(np.bincount(label)) - entropy(both)) / whole)


def rank_correlation(one: Whole | Numbers, other: Whole | Numbers) -> float:
    """Return Spearman's rank correlation, ties at their mean rank; 0 where nothing varies."""
    mine, theirs = ranks(one), ranks(other)
    size = float(np.sqrt((mine @ mine) * (theirs @ theirs)))
    return float(mine @ theirs) / size if size else 0.0


def slope_error(truth: Whole, released: Numbers) -> float:
    """Return by how much the slope on the told dose is off, as a share of the true one, which is 1.

    -0.2 is a fifth too small; -1 is nothing at all.
    """
    dose = np.log1p(truth)
    middle, spread = float(dose.mean()), float(dose.std())
    chance = 1 / (1 + np.exp(-(dose - middle) / spread))
    seen = (np.log1p(released) - middle) / spread
    return logistic_slope(seen, chance) - 1 if np.ptp(seen) > 0 else -1.0


def logistic_slope(dose: Numbers, outcome: Numbers) -> float:
    """Return the slope of a logistic regression, by Newton's method; outcomes may be chances."""
    design = np.stack([np.ones_like(dose), dose], axis=1)
    found = np.zeros(2)
    for _ in range(STEPS):
        expected = 1 / (1 + np.exp(-(design @ found)))
        weighted = design * (expected * (1 - expected))[:, None]
        step = np.linalg.solve(design.T @ weighted, design.T @ (outcome - expected))
        found = found + step
        if np.abs(step).max() < NEAR:
            break
    return float(found[1])


def ranks(values: Whole | Numbers) -> Numbers:
    """Return ranks around 0, ties at their mean rank."""
    _, place, sizes = np.unique(values, return_inverse=True, return_counts=True)
    each = sizes.cumsum() - sizes / 2
    return np.asarray((each - each @ sizes / sizes.sum())[place])


def entropy(counts: Whole) -> float:
    """Return the entropy of people in these numbers, in nats."""
    people = int(counts.sum())
    return float(np.log(people) - xlogx(counts).sum() / people)


def xlogx(counts: Whole) -> Numbers:
    """Return x log x, which is 0 for 0."""
    return np.asarray(counts * np.log(np.maximum(counts, 1)))
