"""Tier A: counts of people and sums of what they did, with nothing about few.

Cells of seven people or fewer are empty, also those of nobody, so none says whether somebody is in
it; the rest is rounded to five. Totals are sums of what is published, so no empty cell can be
worked out. No minimum and no maximum is published.

Two releases set beside each other must not tell of few either. The people of an aggregate release
are those of each earlier one, or at least eight have come, gone, or both: where one has gone and
seven have come, a count that falls tells of the one. And seven or fewer who are not in the
microdata of before are left out, since what is counted beyond those could only be theirs. Where an
epsilon is asked for, `noise` makes the numbers, and what is published depends on those alone.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from forum.activity.measures.snapshot_reader import opened
from forum.activity.measures.study_record import Record, Window
from forum.activity.small_cells import FEW_MOST, STEP, are_far_apart, rounded_to_step
from forum.core.errors import Invalid
from forum.core.translation import lazy
from forum.research.releases.disclosure.attacks import reidentification
from forum.research.releases.disclosure.attacks.reidentification import Risks
from forum.research.releases.disclosure.differential_privacy import noise
from forum.research.releases.ledger.released_profiles import (
    Interval,
    ReleasedProfile,
    ReleasedProfiles,
)
from forum.research.releases.package.schema import Release, Table
from forum.research.releases.participant_profiles import profiles
from forum.research.releases.participant_profiles.generalisation import (
    HIDDEN,
    VISIBLE,
    MonthVariable,
)
from forum.research.releases.participant_profiles.profiles import Profiles
from forum.research.releases.tiers.aggregate_tables import (
    monthly_sums,
    noisy_sums,
    people_by_band,
    study_measures,
)
from forum.research.releases.tiers.aggregate_tables.people_by_band import Cell, level_of

ADVICE = lazy("Wait until more people take part.")
NOBODY = lazy(
    "Too few people share their data to publish any count. Wait until more people take part."
)
FEW_ARE_GONE = lazy(
    "7 or fewer people in an earlier release of microdata or a panel no longer share their data. "
    "Comparing it with these aggregates would reveal something about these few. Wait until at "
    "least 8 have gone, or ask for aggregates with an epsilon, whose noise hides them."
)


@dataclass(frozen=True)
class EarlierReleases:
    """What earlier releases of the study told.

    `counted` are the people in each aggregate release, and `in_rows` those in each of microdata
    or of a panel, erased ones too. `aggregates` and `rows` are the profiles that these releases
    hold. `months` of participation have been told, counted from the first day.
    """

    counted: Sequence[frozenset[int]] = ()
    aggregates: Sequence[ReleasedProfiles] = ()
    rows: Sequence[ReleasedProfiles] = ()
    in_rows: Sequence[frozenset[int]] = ()
    months: int = 0


def build(
    folder: Path,
    window: Window,
    seed: int,
    earlier: EarlierReleases = EarlierReleases(),
    epsilon: float | None = None,
) -> Release:
    """Count a snapshot's participants, and attack the counts; with noise if an epsilon is given.

    Raises Invalid where every cell would be empty, TooRisky where the attack succeeds.
    """
    noisy = noise.Noise(epsilon) if epsilon else None
    with opened(folder, window) as record:
        people = profiles.profiles_of(record, seed)
        few = frozenset[int]() if noisy else _few_not_in_microdata(people, earlier)
        people = profiles.leave_out(record, people, few)
        rows = _cells_of(people)
        if not noisy:
            refuse_if_few_differ(frozenset(rows), earlier.counted)
            _refuse_if_few_are_gone(frozenset(rows), earlier.in_rows)
        raw = _noisy(rows, noisy) if noisy else _true(rows)
        counts = {cell: rounded_to_step(count, count) for cell, count in raw.items()}
        if not noisy:
            counts = _listed(counts)
        if not any(counts.values()):
            raise Invalid(NOBODY, code="too_few_participants")
        attacks = _attacked(people, rows, counts, earlier.aggregates, seed)
        reidentification.refuse_if_risky(attacks, ADVICE)
        tables = [people_by_band.table(counts, raw if noisy else counts)]
        if noisy:
            tables.append(_noisy_acts(record, noisy))
    if not noisy:
        with opened(folder, window, only=rows.keys()) as shared:
            tables += [
                monthly_sums.participation(shared, earlier.months),
                study_measures.table(shared),
            ]
    return Release(
        tier="aggregate",
        tables=tables,
        attacks=attacks,
        findings={
            "suppressed_up_to": FEW_MOST,
            "rounded_to": STEP,
            "cells": len(counts),
            "cells_suppressed": sum(not count for count in counts.values()),
            **(noisy.findings() if noisy else {}),
        },
        participants=frozenset(rows),
        consent_versions=people.consent_versions,
        profiles=rows,
        epsilon=epsilon,
    )


def refuse_if_few_differ(now: frozenset[int], earlier: Sequence[frozenset[int]]) -> None:
    """Raise TooRisky if some earlier release and this one, set side by side, tell of few people."""
    for number, before in enumerate(earlier, start=1):
        if not are_far_apart(now, before):
            raise reidentification.TooRisky(
                lazy(
                    "Since this study's aggregate release number %(number)s, 7 or fewer people "
                    "have come or 7 or fewer have gone. Some may have had their data erased. "
                    "Comparing the two releases would reveal something about these few. You can "
                    "keep using the earlier one. Or wait until at least 8 have come or gone, "
                    "counted separately, or ask for aggregates with an epsilon, whose noise hides "
                    "them. It helps to plan aggregates for fixed dates, such as once a quarter.",
                    number=number,
                )
            )


def _refuse_if_few_are_gone(now: frozenset[int], in_rows: Sequence[frozenset[int]]) -> None:
    """Raise TooRisky if 7 or fewer people of microdata or a panel are not counted any more."""
    if any(0 < len(before - now) <= FEW_MOST for before in in_rows):
        raise reidentification.TooRisky(FEW_ARE_GONE)


def _few_not_in_microdata(people: Profiles, earlier: EarlierReleases) -> frozenset[int]:
    """Return the few who are not in earlier microdata; nobody if an aggregate told of all before.

    Microdata tell exactly how many people were in each band.
    """
    everybody = keys = frozenset(int(key) for key in people.participants)
    if everybody in earlier.counted:
        return frozenset()
    for before in earlier.rows:
        others = keys - before.keys()
        keys -= others if len(others) <= FEW_MOST else frozenset()
    return everybody - keys


def _attacked(
    people: Profiles,
    rows: dict[int, ReleasedProfile],
    counts: dict[Cell, int],
    earlier: Sequence[ReleasedProfiles],
    seed: int,
) -> list[reidentification.AttackResult]:
    everything = _risks(rows, counts)
    attacks = [
        reidentification.try_attack("four known points", _by_points(people, counts), seed),
        reidentification.try_attack("everything visible", everything, seed),
    ]
    for number, before in enumerate(earlier, start=1):
        risks = _by_joining(rows, counts, before, everything)
        attacks.append(reidentification.try_attack(f"joining with release {number}", risks, seed))
    return attacks


def _cells_of(people: Profiles) -> dict[int, ReleasedProfile]:
    """Return the bands that each person is counted in."""
    intervals: dict[str, list[Interval]] = {}
    for variable in (*VISIBLE, *HIDDEN):
        level = level_of(variable)
        codes = variable.codes(people.values[variable.name], level)
        intervals[variable.name] = [variable.limits(int(code), level) for code in codes]
    seen, unseen = ([intervals[each.name] for each in group] for group in (VISIBLE, HIDDEN))
    return {
        int(key): ReleasedProfile(visible, hidden)
        for key, visible, hidden in zip(
            people.participants, zip(*seen, strict=True), zip(*unseen, strict=True), strict=True
        )
    }


def _true(rows: ReleasedProfiles) -> Counter[Cell]:
    return Counter(cell for row in rows.values() for cell in enumerate((*row.visible, *row.hidden)))


def _listed(counts: Mapping[Cell, int]) -> dict[Cell, int]:
    """Return the counts of all bands that there are, whether or not somebody is in them.

    A quarter is listed if it is published, or lies between two that are.
    """
    found: dict[Cell, int] = {}
    for place, variable in enumerate((*VISIBLE, *HIDDEN)):
        level = level_of(variable)
        mine = {cell for cell, count in counts.items() if cell[0] == place and count}
        if isinstance(variable, MonthVariable):
            codes = sorted(low // variable.levels[level] for _, (low, _) in mine)
            each = range(codes[0], codes[-1] + 1) if codes else range(0)
        else:
            each = range(len(variable.levels[level]))
        cells = ((place, variable.limits(code, level)) for code in each)
        found |= {cell: counts.get(cell, 0) for cell in cells}
    return found


def _counted(rows: ReleasedProfiles) -> dict[Cell, int]:
    """Return the published count of each band of each variable; 0 where it is suppressed."""
    return {cell: rounded_to_step(count, count) for cell, count in _true(rows).items()}


def _noisy(rows: ReleasedProfiles, noisy: noise.Noise) -> dict[Cell, int]:
    """Return the true count of each band with noise, for every band that there could be."""
    levels = {variable.name: level_of(variable) for variable in (*VISIBLE, *HIDDEN)}
    return noisy.counts(_true(rows), levels)


def _noisy_acts(record: Record, noisy: noise.Noise) -> Table:
    # A total adds up what has been drawn, not what is published: where only what happens to be
    # above nothing counts, noise adds up to people and acts that never were.
    released = {
        name: [rounded_to_step(each, each) or None for each in (*amounts, sum(amounts))]
        for name, amounts in noisy.sums(record).items()
    }
    return noisy_sums.table(released)


def _risks(rows: ReleasedProfiles, counts: dict[Cell, int]) -> Risks:
    """Return one over the smallest published count that somebody is known to be in."""
    sizes = [
        [counts[cell] for cell in enumerate(row.visible) if counts.get(cell)]
        for row in rows.values()
    ]
    return np.array([1 / min(each) if each else 0.0 for each in sizes])


def _by_points(people: Profiles, counts: dict[Cell, int]) -> Risks:
    """Return the same for somebody of whom four acts are known: all bands that these allow."""
    risks = np.zeros(people.people)
    for place, variable in enumerate(VISIBLE):
        if variable.name not in profiles.KNOWN_FROM_ACTS:
            continue
        cells = [(cell[1], count) for cell, count in counts.items() if cell[0] == place]
        for person, known in enumerate(people.points[variable.name]):
            size = sum(count for (_, high), count in cells if high >= known)
            risks[person] = max(risks[person], 1 / size if size else 0.0)
    return risks


def _by_joining(
    rows: ReleasedProfiles, counts: dict[Cell, int], before: ReleasedProfiles, everything: Risks
) -> Risks:
    """Return the chance of finding who is new by the counts that grew since an earlier release."""
    earlier = _counted(before)
    risks = everything.copy()
    for person, (key, row) in enumerate(rows.items()):
        if key not in before:
            grown = [counts.get(cell, 0) - earlier.get(cell, 0) for cell in enumerate(row.visible)]
            risks[person] = max([1 / each for each in grown if each > 0] + [risks[person]])
    return risks
