"""Microdata that follow people: a person who agreed has the same id in each release for one
purpose.

Nothing hidden is in them. Visits and reading time, release after release, would be like a
fingerprint; see `linkage_classes` for what else keeps people among others.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
from pyarrow import parquet

from forum.activity.measures.study_record import Window
from forum.core.errors import Invalid
from forum.core.translation import lazy
from forum.research.releases.disclosure.attacks import differencing, reidentification
from forum.research.releases.disclosure.attacks.linkage import EarlierRelease, leave_out_exposed
from forum.research.releases.disclosure.attacks.reidentification import TooRisky
from forum.research.releases.disclosure.disclosure_limits import GOAL, K, in_percent
from forum.research.releases.disclosure.k_anonymity import linkage_classes
from forum.research.releases.disclosure.k_anonymity.attack_suite import (
    ADVICE,
    try_attacks,
    try_linkage,
)
from forum.research.releases.disclosure.k_anonymity.generalisation_search import (
    FEW_CLASSES,
    most_classes,
)
from forum.research.releases.disclosure.k_anonymity.linkage_classes import (
    LEFT_OUT_MOST,
    LinkageAssignment,
)
from forum.research.releases.disclosure.k_anonymity.local_recoding import (
    EXPOSED,
    Recoded,
    released_profiles_of,
    round_up_percent,
)
from forum.research.releases.ledger.released_profiles import HIDDEN, LinkedClass, ReleasedProfiles
from forum.research.releases.package.schema import Release
from forum.research.releases.participant_profiles import profiles
from forum.research.releases.participant_profiles.generalisation import Whole
from forum.research.releases.participant_profiles.profiles import Profiles
from forum.research.releases.tiers import microdata

TOO_MANY_GUESSES = lazy(
    "If people are followed through all releases for this purpose, more than %(goal)s%% of guesses "
    "are right, because too many ids have ended since the last release. Ask for a new purpose, for "
    "which people get new ids, wait until more people take part, or ask for a release that follows "
    "nobody.",
    goal=in_percent(GOAL),
)
ID = (
    "A random number. It is the same in all releases for this recipient and purpose of those who "
    "agreed to that, for as long as their class is followed, and else new in each release."
)
AGREED = pc.field("record") & pc.field("share") & pc.field("linkage")
IDS = 10**12


def build(
    folder: Path,
    window: Window,
    seed: int,
    earlier: Sequence[EarlierRelease] = (),
    counted: Sequence[frozenset[int]] = (),
    least: int = 0,
    columns: Collection[str] = (),
    linkage: Sequence[LinkedClass] = (),
) -> Release:
    """Recode a snapshot's participants in classes that are kept over releases, and attack these.

    `linkage` is whom earlier releases for the same recipient and purpose followed.
    The seed settles the classes; ids and the order of rows are new each time. Raises Invalid where
    too few agreed to be followed, TooRisky where an attack succeeds or too many would be left out.
    """
    people = profiles.read_profiles(folder, window, seed)
    seen = [each.name for each in people.visible]
    released = frozenset(columns or seen) & frozenset(seen)
    people = replace(people, withheld=frozenset(people.values) - released)
    agreed = _agreed(folder)
    assigned, rows = _assigned(people, agreed, linkage, counted, least, seed)
    left_out = 1 - len(rows) / people.people
    if left_out > LEFT_OUT_MOST:
        raise TooRisky(
            lazy(
                "Up to %(share)s%% of the people who share would have to be left out, more than "
                "%(most)s%%. They did not agree to be followed across releases or are new, "
                "and are too few to be hidden among each other. Ask for a release that follows "
                "nobody, or wait until more people take part.",
                share=in_percent(round_up_percent(left_out)),
                most=in_percent(LEFT_OUT_MOST),
            )
        )
    ids = _ids(people, assigned, linkage)
    recoded = Recoded(
        people,
        assigned.found,
        assigned.stay,
        rows,
        [
            *try_attacks(people, assigned.found, assigned.stay, microdata.KNOWN, seed),
            *try_linkage(earlier, rows, seed),
            _follow(rows, ids, linkage, seed),
        ],
    )
    reidentification.refuse_if_risky(recoded.attacks, ADVICE)
    if most_classes(people.people) >= FEW_CLASSES and recoded.greatest_upper_bound > GOAL:
        raise TooRisky(TOO_MANY_GUESSES)
    now = _followed(people, assigned, ids)
    return Release(
        tier="microdata",
        tables=[microdata.table(recoded, _shuffled(assigned.stay), ids, ID)],
        attacks=recoded.attacks,
        findings=recoded.findings() | _findings(now, assigned, len(rows)),
        participants=frozenset(rows),
        consent_versions=people.consent_versions,
        profiles=rows,
        linked_classes=now,
        linked_before=linkage,
    )


def _agreed(folder: Path) -> frozenset[int]:
    found = parquet.read_table(folder / "participants.parquet", filters=AGREED)
    return frozenset(found["participant"].to_pylist())


def _assigned(
    people: Profiles,
    agreed: frozenset[int],
    earlier: Sequence[LinkedClass],
    counted: Sequence[frozenset[int]],
    least: int,
    seed: int,
) -> tuple[LinkageAssignment, ReleasedProfiles]:
    """Return classes of people who are apart from all who were counted in aggregates before."""
    without = set[int]()
    while len(without) < people.people:
        assigned = linkage_classes.assign(people, agreed, earlier, least, seed, without)
        keys = people.participants[assigned.stay].tolist()
        rows = {
            key: row
            for key, row in released_profiles_of(people, assigned.found).items()
            if key in set(keys)
        }
        apart = differencing.separate(rows, counted, _without_exposed, seed)
        if len(apart) == len(rows):
            return assigned, rows
        without |= rows.keys() - apart.keys()
    raise Invalid(EXPOSED, code="cannot_be_hidden")


def _without_exposed(rows: ReleasedProfiles) -> ReleasedProfiles:
    """Leave out classes that are too small, by what all rows of one say."""
    return leave_out_exposed(rows, (), K, K, 0, [False] * len(HIDDEN))


def _ids(
    people: Profiles, assigned: LinkageAssignment, earlier: Sequence[LinkedClass]
) -> Mapping[int, str]:
    """Return everybody's id: the one they had, or a new one that nobody has had."""
    had = {key: each for one in earlier for key, each in one.ids.items()}
    taken, ids = set(had.values()), {}
    for place in assigned.stay.tolist():
        key = int(people.participants[place])
        if assigned.before[place] >= 0:
            ids[key] = had[key]
            continue
        while (fresh := f"P{secrets.randbelow(IDS):012}") in taken:
            pass
        taken.add(fresh)
        ids[key] = fresh
    return ids


def _followed(
    people: Profiles, assigned: LinkageAssignment, ids: Mapping[int, str]
) -> tuple[LinkedClass, ...]:
    continued = [np.flatnonzero(assigned.before == each) for each in range(len(assigned.ended))]
    classes = [each for each in (*continued, *assigned.anew) if len(each)]
    keys = [people.participants[each].tolist() for each in classes]
    return tuple(LinkedClass(len(each), {key: ids[key] for key in each}) for each in keys)


def _follow(
    rows: ReleasedProfiles, ids: Mapping[int, str], earlier: Sequence[LinkedClass], seed: int
) -> reidentification.AttackResult:
    risks = linkage_classes.risks_from_linkage(
        list(rows.values()), [ids[key] for key in rows], earlier
    )
    found = reidentification.try_attack(
        "following ids through all releases", risks, seed, people=len(rows)
    )
    reidentification.refuse_if_narrowed([found], ADVICE)
    return found


def _findings(
    now: Sequence[LinkedClass], assigned: LinkageAssignment, people: int
) -> dict[str, object]:
    """Return what the report says of following, rounded to protect each person."""
    share = sum(each.people for each in now) / people
    released: dict[str, object] = {"followed_share": round_up_percent(share)}
    ended, continued = sum(assigned.ended), int((assigned.before >= 0).sum())
    if assigned.ended:
        released["of_those_followed_before_still_followed_share"] = round_up_percent(
            continued / (ended + continued)
        )
    return released


def _shuffled(places: Whole) -> Whole:
    """Return places in an order of this release alone; that of a seed could join two of them."""
    return np.random.default_rng(secrets.randbits(128)).permutation(places)
