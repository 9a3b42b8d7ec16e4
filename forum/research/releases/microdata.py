"""Tier B: one row for each participant who shares, in classes from which nobody stands out."""

from collections.abc import Sequence
from math import ceil
from pathlib import Path

import numpy as np
import pyarrow as pa

from forum.activity.measures.dose import DOSES
from forum.activity.measures.record import Window
from forum.core.errors import Invalid
from forum.research.releases import attack, beside, earlier, profiles, worth
from forum.research.releases.attack import Outcome, Published
from forum.research.releases.bands import FOREVER, HIDDEN, VISIBLE, Counted, Dated, Variable, Whole
from forum.research.releases.classes import K, L
from forum.research.releases.kept import Class, Interval, Row, Rows
from forum.research.releases.profiles import Profiles
from forum.research.releases.search import Admits, Found, Told, everything, search
from forum.research.releases.table import Field, Release, Table

ABOUT = "One row for each participant who agreed to share, in no order; ids mean nothing."
OTHERS = {
    "threads": "Threads started.",
    "groups": "Groups of the study that the participant belongs to or belonged to.",
    "joined": "When the participant joined a group of the study, or agreed to be recorded if the "
    "time before is not included.",
    "left_study": "Whether the participant has left the study (drop-out).",
}
EXPOSED = (
    "Joined with an earlier release, this one would give people away. Wait until more take part, "
    "or ask for aggregates."
)
ADVICE = "Wait until more take part, or ask for aggregates."
FOR_THE_CLASS = (
    "An interval that holds the values of at least ten others too, who agree in all such intervals."
)
FOR_THE_ROW = "The band of this participant's own value."


def build(
    folder: Path,
    window: Window,
    seed: int,
    former: Sequence[Rows] = (),
    counted: Sequence[frozenset[int]] = (),
) -> Release:
    """Recode a snapshot's participants in classes, and attack the result.

    `former` holds what each earlier release of the study said; whom joining would find is left out
    until more are like them. `counted` are those in each earlier aggregate release; see
    `beside.apart`. The same snapshot and seed give the same release. Raises Invalid for too few
    people, TooRisky where the attack succeeds.
    """
    people = profiles.read(folder, window, seed)
    found = search(people, _unexposed(people, former) if former else everything)
    told = [each in found.told for each in HIDDEN]
    rows = beside.apart(
        earlier.unexposed(_said(people, found), former, K, L, told),
        counted,
        lambda left: earlier.unexposed(left, former, K, L, told),
        seed,
    )
    if not rows:
        raise Invalid(EXPOSED, code="cannot_be_hidden")
    chosen = np.searchsorted(people.participants, np.array(list(rows), dtype=np.int64))
    published = _published(people, found, chosen)
    attacks = [
        attack.outcome("four known points", attack.by_points(published), seed),
        attack.outcome("everything visible", attack.by_everything(published), seed),
    ]
    attacks += [
        attack.outcome(f"joining with release {number}", earlier.by_joining(rows, before), seed)
        for number, before in enumerate(former, start=1)
    ]
    attack.refuse_if_risky(attacks, ADVICE)
    return Release(
        tier="microdata",
        tables=[_table(people, found, chosen, seed)],
        attacks=attacks,
        findings=_findings(people, found, chosen, attacks),
        participants=frozenset(rows),
        consent_versions=people.consent_versions,
        kept=rows,
    )


def _unexposed(people: Profiles, former: Sequence[Rows]) -> Admits:
    """Return what admits a class only if joining with earlier releases finds nobody in it."""
    joined = [earlier.Joined(each) for each in former]
    hidden: dict[Told, Sequence[Class]] = {}

    def admits(members: Whole, visible: Class, told: Told) -> bool:
        if told not in hidden:
            hidden[told] = _hidden(people, told)
        rows = {
            int(people.participants[each]): Row(visible, hidden[told][each]) for each in members
        }
        return all((each.chances(rows) <= 1 / K).all() for each in joined)

    return admits


def _hidden(people: Profiles, told: Told) -> list[Class]:
    """Return what is said of each person's hidden values: all that may be, where it is not told."""
    said = []
    for variable in HIDDEN:
        codes = variable.codes(people.values[variable.name], 0)
        limits = [variable.limits(int(code), 0) for code in codes]
        said.append(limits if variable in told else [(0, FOREVER)] * people.people)
    return list(zip(*said, strict=True))


def _said(people: Profiles, found: Found) -> Rows:
    """Return the intervals that each person's row says."""
    hidden = _hidden(people, found.told)
    return {
        int(key): Row(tuple(zip(low, high, strict=True)), unseen)
        for key, low, high, unseen in zip(
            people.participants, found.low.tolist(), found.high.tolist(), hidden, strict=True
        )
    }


def _table(people: Profiles, found: Found, chosen: Whole, seed: int) -> Table:
    """Return the rows in a random order, with random ids."""
    dice = np.random.default_rng([seed, 1])
    order = dice.permutation(chosen)
    ids = dice.choice(10**9, size=len(order), replace=False)
    columns: dict[str, pa.Array] = {"id": pa.array([f"P{each:09}" for each in ids])}
    fields = [Field("id", "string", "A random number, made for this release alone.")]
    for variable, (_, low, high) in _told(people, found, order).items():
        pairs = list(zip(low.tolist(), high.tolist(), strict=True))
        columns[variable.name] = pa.array([variable.interval(*pair) for pair in pairs])
        bands = _bands(variable) if variable in found.told else sorted(set(pairs))
        fields.append(_field(variable, [variable.interval(*pair) for pair in bands]))
    return Table("participants", ABOUT, tuple(fields), pa.table(columns).to_batches)


def _told(
    people: Profiles, found: Found, chosen: Whole
) -> dict[Variable, tuple[Whole, Whole, Whole]]:
    """Return of each variable that is told the truth, and the limits of what rows say."""
    told: dict[Variable, tuple[Whole, Whole, Whole]] = {}
    for place, seen in enumerate(VISIBLE):
        limits = found.low[chosen, place], found.high[chosen, place]
        told[seen] = people.values[seen.name][chosen], *limits
    for unseen in found.told:
        truth, bands = people.values[unseen.name][chosen], np.array(_bands(unseen), dtype=np.int64)
        low, high = bands[unseen.codes(truth, 0)].T
        told[unseen] = truth, low, high
    return told


def _not_told(
    people: Profiles, found: Found, chosen: Whole
) -> dict[Variable, tuple[Whole, Whole, Whole]]:
    """Return the same of hidden variables that are not told, of which rows allow everything."""
    nothing, everything = np.zeros_like(chosen), np.full_like(chosen, FOREVER)
    return {
        each: (people.values[each.name][chosen], nothing, everything)
        for each in HIDDEN
        if each not in found.told
    }


def _bands(variable: Counted) -> list[Interval]:
    """Return all bands of a hidden variable, whether or not somebody is in them."""
    return [variable.limits(code, 0) for code in range(len(variable.levels[0]))]


def _field(variable: Variable, levels: Sequence[str]) -> Field:
    dose = DOSES.get(variable.name)
    definition = dose.definition if dose else OTHERS[variable.name]
    how = FOR_THE_CLASS if variable in VISIBLE else FOR_THE_ROW
    version = dose.version if dose else 1
    return Field(variable.name, "string", f"{definition} {how}", version, levels=tuple(levels))


def _published(people: Profiles, found: Found, chosen: Whole) -> Published:
    """Return what a fellow member sees of the release, and knows of the people in it.

    Of active days they are taken to know the number: it is theirs for whoever acts visibly on each.
    """
    names = tuple(variable.name for variable in VISIBLE)
    nothing = np.zeros(people.people, dtype=np.int64)
    known = np.stack([people.points.get(name, nothing)[chosen] for name in names], axis=1)
    points = attack.points_of(known, [isinstance(variable, Dated) for variable in VISIBLE])
    truth = np.stack([people.values[name][chosen] for name in names], axis=1)
    return Published(names, found.low[chosen], found.high[chosen], truth, *points)


def _whole_percent(share: float) -> float:
    """Return a share rounded up to whole percents: beside the rows it must not count people."""
    return ceil(round(share * 100, 6)) / 100


def _findings(
    people: Profiles, found: Found, chosen: Whole, attacks: Sequence[Outcome]
) -> dict[str, object]:
    """Return what the disclosure report says, in numbers rounded so that nobody is counted out."""
    share = len(chosen) / people.people
    limits = np.concatenate([found.low[chosen], found.high[chosen]], axis=1)
    _, sizes = np.unique(limits, axis=0, return_counts=True)
    return {
        "k_required": K,
        "k_reached": int(sizes.min()),
        "l_required": L,
        "classes": len(sizes),
        "left_out_share": _whole_percent(1 - share),
        **worth.findings(_told(people, found, chosen) | _not_told(people, found, chosen), share),
        "hidden_values_not_told": [each.name for each in HIDDEN if each not in found.told],
        "riskiest": max(attacks, key=lambda each: each.upper).attack,
    }
