"""The panel: one row for each participant and four weeks, in classes from which nobody stands out.

Classes are made of whole histories. All rows of one person say the same as those of at least ten
others in every period, so following somebody through time narrows nothing down.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from forum.activity import measures
from forum.activity.measures.study_record import MONTH, Window
from forum.activity.small_cells import FEW_MOST
from forum.core.translation import lazy
from forum.research.releases.disclosure.attacks.linkage import EarlierRelease
from forum.research.releases.disclosure.attacks.reidentification import TooRisky
from forum.research.releases.disclosure.disclosure_limits import GOAL, in_percent
from forum.research.releases.disclosure.k_anonymity.local_recoding import (
    Recoded,
    recode,
    round_up_percent,
)
from forum.research.releases.ledger import released_profiles
from forum.research.releases.ledger.released_profiles import BY_PERIOD, PERSON
from forum.research.releases.package.schema import Field, Release, Table, measure_field
from forum.research.releases.participant_profiles import attributes
from forum.research.releases.participant_profiles.generalisation import (
    Variable,
    Whole,
    YesNoVariable,
)
from forum.research.releases.tiers import trajectories
from forum.research.releases.tiers.trajectories import Trajectories

ABOUT = (
    "One row for each participant who agreed to share and each four weeks since joining, in no "
    "order of people; ids mean nothing. All rows of a person agree with those of at least ten "
    "others in every period."
)
LEFT_OUT_MOST = 0.1
FOR_THE_HISTORY = (
    "An interval that holds the values of at least ten others too, who agree in all such intervals "
    "of all periods."
)
IN_PERIOD = "In these four weeks. A period in which one of them was not observed counts as 0."
OBSERVED = YesNoVariable("observed")
ID = "A random number, made for this release alone; the same in all rows of a participant."
PERIOD = (
    "Which four weeks since joining, or since the study was opened if that is later; 1 is the "
    "first. Only periods that are over are told."
)
DEFINITIONS = {
    "observed": "Whether the participant could be seen in the whole of this period. It is “no or "
    "yes” where that differs among those who are alike; where it is “no” for all of these, there "
    "is no row.",
    "joined": f"{attributes.DEFINITIONS['joined']} {FOR_THE_HISTORY}",
    "left_study": f"{attributes.DEFINITIONS['left_study']} {FOR_THE_HISTORY}",
}
ReleasedVariable = tuple[Variable, Whole, Whole]


def build(
    folder: Path,
    window: Window,
    seed: int,
    earlier: Sequence[EarlierRelease] = (),
    counted: Sequence[frozenset[int]] = (),
    least: int = 0,
    goal: float = GOAL,
) -> Release:
    """Recode whole histories in classes, and attack the result; see `local_recoding`.

    `goal` is how many guesses may be right at most. The same snapshot and seed give the same
    release. Raises Invalid for too few people or where no period is over, TooRisky where an attack
    succeeds or too many would be left out.
    """
    released = trajectories.read_trajectories(folder, window, seed)
    recoded = recode(released.people, _known(released.periods), earlier, counted, seed, least, goal)
    left_out = 1 - len(recoded.chosen) / released.people.people
    if left_out > LEFT_OUT_MOST:
        raise TooRisky(
            lazy(
                "This panel would have to leave out %(share)s%% of the people who share, more than "
                "%(most)s%%. Otherwise, joining it with earlier releases could find someone. Wait "
                "until more people take part, or ask for aggregates.",
                share=in_percent(left_out),
                most=in_percent(LEFT_OUT_MOST),
            )
        )
    return Release(
        tier="panel",
        tables=[_table(recoded, released, seed)],
        attacks=recoded.attacks,
        findings={
            "days_in_a_period": MONTH,
            "periods": released.periods,
            **_too_new(released),
            **recoded.findings(),
        },
        participants=frozenset(recoded.rows),
        consent_versions=released.people.consent_versions,
        profiles=recoded.rows,
        variable_names=([each.name for each in released.people.visible], ()),
    )


def _too_new(released: Trajectories) -> dict[str, object]:
    """Return the share of people who came too late for a period; nothing where they are few."""
    share = released.too_new / (released.too_new + released.people.people)
    return (
        {"too_new_for_a_period_share": round_up_percent(share)}
        if released.too_new > FEW_MOST
        else {}
    )


def _known(periods: int) -> dict[str, Sequence[str]]:
    """Return what further attacks know of each period, each by itself."""
    of = {
        dose: [released_profiles.period_variable(dose, each + 1) for each in range(periods)]
        for dose in BY_PERIOD
    }
    return {
        "posts of every period": of["posts"],
        "posts of the first period": of["posts"][:1],
        "posts of the last two periods": of["posts"][-2:],
        "reactions of every period": of["reactions_given"],
        "attendance of meetings in every period": of["meetings"],
        "active days of every period": of["active_days"],
        "the order of joining": PERSON,
    }


def _table(recoded: Recoded, released: Trajectories, seed: int) -> Table:
    """Return people in a random order, with random ids, and the periods of each in order."""
    random = np.random.default_rng([seed, 1])
    order = random.permutation(recoded.chosen)
    ids = np.array([f"P{each:09}" for each in random.choice(10**9, size=len(order), replace=False)])
    limits = {
        each.name: (each, low, high) for each, (_, low, high) in recoded.released(order).items()
    }
    length = np.minimum(limits["observed"][2], released.periods)
    who = np.repeat(np.arange(len(order)), length)
    period = np.concatenate([np.arange(each) for each in length])
    columns: dict[str, pa.Array] = {"id": pa.array(ids[who]), "period": pa.array(period + 1)}
    fields = [Field("id", "string", ID), Field("period", "integer", PERIOD)]
    for name, (variable, low, high) in _by_row(limits, who, period).items():
        pairs = list(zip(low.tolist(), high.tolist(), strict=True))
        columns[name] = pa.array([variable.interval(*pair) for pair in pairs])
        fields.append(_field(name, [variable.interval(*pair) for pair in sorted(set(pairs))]))
    return Table("panel", ABOUT, tuple(fields), pa.table(columns).to_batches)


def _by_row(
    limits: Mapping[str, ReleasedVariable], who: Whole, period: Whole
) -> dict[str, ReleasedVariable]:
    """Return what each row says, given whose it is and of which period, counted from 0."""
    seen = (period < limits["observed"][1][who]).astype(np.int64)
    intervals: dict[str, ReleasedVariable] = {"observed": (OBSERVED, seen, np.ones_like(seen))}
    for name in ("joined", "left_study"):
        variable, low, high = limits[name]
        intervals[name] = (variable, low[who], high[who])
    for dose in BY_PERIOD:
        each = [
            limits[released_profiles.period_variable(dose, number + 1)]
            for number in range(period.max() + 1)
        ]
        low, high = np.stack([low for _, low, _ in each]), np.stack([high for *_, high in each])
        intervals[dose] = (each[0][0], low[period, who], high[period, who])
    return intervals


def _field(name: str, levels: Sequence[str]) -> Field:
    if name in DEFINITIONS:
        return Field(name, "string", DEFINITIONS[name], levels=tuple(levels))
    how = f"{IN_PERIOD} {FOR_THE_HISTORY}"
    return measure_field(measures.person_measures()[name], how, levels)
