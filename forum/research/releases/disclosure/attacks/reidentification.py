"""The attack: a fellow member tries to find somebody's row, before anything is written.

They know handles, all visible acts and their times, and that the person is in the release. Each
row says an interval for each variable; what they know about their target is an interval too. Rows
that agree in all variables are candidates, and they guess among these.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from forum.activity.small_cells import FEW_MOST, rounded_count
from forum.core.errors import Refusal
from forum.core.translation import lazy
from forum.research.releases.disclosure.attacks.confidence_bounds import CONFIDENCE, upper_bound
from forum.research.releases.disclosure.disclosure_limits import LIMIT, WELL_BELOW, K, in_percent
from forum.research.releases.ledger import attack_names
from forum.research.releases.participant_profiles.generalisation import FOREVER, Whole

Risks = npt.NDArray[np.float64]
TINY = 1e-9  # what fractions are off by at most
TRIALS = 500_000
AT_ONCE = 2_000_000  # comparisons in memory at a time


class TooRisky(Refusal):
    """The release was attacked with too much success, and is not written."""

    status = 409
    code = "too_risky"


@dataclass(frozen=True)
class PublishedIntervals:
    """The intervals that rows say, a row for each person and a column for each variable.

    `truth` are the values that a fellow member could have seen; `points_low` and `points_high`
    the interval that follows from four acts alone.
    """

    names: tuple[str, ...]
    low: Whole
    high: Whole
    truth: Whole
    points_low: Whole
    points_high: Whole


@dataclass(frozen=True)
class AttackResult:
    """One attack: what was known, how often it succeeded, and what guessing would give.

    To succeed is to guess right among the people who agree with what is known, `fewest` of whom are
    left for anybody; `narrowed` is how often fewer than K are. Guessing is given for the number of
    people rounded to 5: one over the exact number would reveal it.
    """

    attack: str
    trials: int
    successes: int
    rate: float
    upper: float
    guessing: float
    fewest: int | None = None
    narrowed: float | None = None
    narrowed_upper: float | None = None

    def as_dict(self) -> dict[str, object]:
        """Return it for a report."""
        return asdict(self)


def try_attack(
    attack: str, risks: Risks, seed: int, trials: int = TRIALS, people: int | None = None
) -> AttackResult:
    """Try an attack on people drawn at random, given each person's chance of being found.

    `people` is among how many one would guess, where chances are of some of them only.
    """
    random = np.random.default_rng([seed, *attack.encode()])
    targets = random.integers(0, len(risks), trials)
    successes = int((random.random(trials) < risks[targets]).sum())
    upper = upper_bound(successes, trials, CONFIDENCE)
    guessing = 1 / (rounded_count(people or len(risks)) or FEW_MOST)
    greatest = float(risks.max())
    narrowed = int((risks[targets] > 1 / K + TINY).sum())
    return AttackResult(
        attack,
        trials,
        successes,
        successes / trials,
        upper,
        guessing,
        fewest=round(1 / greatest) if greatest else None,
        narrowed=narrowed / trials,
        narrowed_upper=upper_bound(narrowed, trials, CONFIDENCE),
    )


def risks_from_known_acts(published: PublishedIntervals) -> Risks:
    """Return everybody's chance of being found by four known acts."""
    return _risks(published, published.points_low, published.points_high)


def risks_from_all_visible(published: PublishedIntervals) -> Risks:
    """Return everybody's chance of being found by all that a fellow member could have seen."""
    return _risks(published, published.truth, published.truth)


def risks_from_variables(published: PublishedIntervals, names: Collection[str]) -> Risks:
    """Return everybody's chance of being found by the exact values of some variables."""
    known = np.isin(published.names, list(names))
    low, high = np.zeros_like(published.truth), np.full_like(published.truth, FOREVER)
    return _risks(
        published, np.where(known, published.truth, low), np.where(known, published.truth, high)
    )


def intervals_from_known_acts(known: Whole, dated: Sequence[bool]) -> tuple[Whole, Whole]:
    """Return what follows from known acts: counts are at least these, dates at the latest these."""
    never, always = np.zeros_like(known), np.full_like(known, FOREVER)
    is_date = np.array(dated)
    return np.where(is_date, never, known), np.where(is_date, known, always)


def finds_too_many(risks: Risks, goal: float) -> bool:
    """Say whether somebody is left among fewer than K, or more guesses are right than may be."""
    return bool((risks > 1 / K + TINY).any() or risks.mean() > WELL_BELOW * goal)


def refuse_if_risky(outcomes: Sequence[AttackResult], advice: str) -> None:
    """Raise TooRisky if an attack's upper bound is above the limit, with what to coarsen."""
    worst = max(outcomes, key=lambda each: each.upper)
    if worst.upper > LIMIT:
        raise TooRisky(
            lazy(
                "People could be identified in this release. In the test “%(attack)s”, %(rate)s%% "
                "of guesses were right (upper 95%% bound: %(upper)s%%). The limit is %(limit)s%%; "
                "guessing at random is right in %(guessing)s%%. %(advice)s",
                attack=attack_names.label(worst.attack),
                rate=in_percent(worst.rate, 1),
                upper=in_percent(worst.upper, 1),
                limit=in_percent(LIMIT),
                guessing=in_percent(worst.guessing, 1),
                advice=advice,
            )
        )


def greatest_upper_bound(outcomes: Sequence[AttackResult]) -> float:
    """Return the upper bound of the attack that finds most."""
    return max(each.upper for each in outcomes)


def refuse_if_narrowed(outcomes: Sequence[AttackResult], advice: str) -> None:
    """Raise TooRisky if an attack leaves fewer than K candidates for anybody."""
    for each in outcomes:
        if each.fewest is not None and each.fewest < K:
            raise TooRisky(
                lazy(
                    "People could be identified in this release. The test “%(attack)s” leaves "
                    "fewer than %(k)s people who could be meant. %(advice)s",
                    attack=attack_names.label(each.attack),
                    k=K,
                    advice=advice,
                )
            )


def _risks(published: PublishedIntervals, known_low: Whole, known_high: Whole) -> Risks:
    """Return one over the number of rows that agree with what is known of each person."""
    rows = np.concatenate([published.low, published.high], axis=1)
    classes, people = np.unique(rows, axis=0, return_counts=True)
    columns = published.low.shape[1]
    low, high = classes[:, :columns], classes[:, columns:]
    questions, which = np.unique(
        np.concatenate([known_low, known_high], axis=1), axis=0, return_inverse=True
    )
    candidates = np.empty(len(questions))
    step = max(1, AT_ONCE // (len(classes) * columns))
    for start in range(0, len(questions), step):
        part = questions[start : start + step]
        agrees = (low[None] <= part[:, None, columns:]) & (high[None] >= part[:, None, :columns])
        candidates[start : start + step] = agrees.all(axis=2) @ people
    return np.asarray(1 / np.maximum(candidates, 1))[which.ravel()]
