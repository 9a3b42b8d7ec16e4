"""Making a release: built, attacked, written, and entered in the ledger."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from forum.activity.measures.study_record import MONTH, Window
from forum.core import clock, time_zones
from forum.core.db import transaction
from forum.core.translation import using
from forum.core.translation.languages import SOURCE
from forum.research.models import Study
from forum.research.releases.disclosure.attacks.joint_linkage import DatedRelease, JointLinkage
from forum.research.releases.disclosure.attacks.linkage import EarlierRelease, LinkageWithinTier
from forum.research.releases.disclosure.attacks.linkage_across_tiers import LinkageAcrossTiers
from forum.research.releases.disclosure.differential_privacy import privacy_budget
from forum.research.releases.disclosure.disclosure_limits import GOAL
from forum.research.releases.ledger import linkage_keys, queries
from forum.research.releases.ledger.models import LedgerEntry, ReleasedRow
from forum.research.releases.ledger.released_profiles import named_intervals
from forum.research.releases.package import files
from forum.research.releases.package.schema import Release, ReleaseMetadata
from forum.research.releases.participant_profiles.generalisation import CountVariable
from forum.research.releases.release_request import ReleaseRequest, one_line
from forum.research.releases.tiers import (
    aggregate,
    event_level,
    linked_microdata,
    microdata,
    panel,
)
from forum.research.studies import audit_log

PEOPLE = CountVariable("participants", ((0, 11, 50, 100, 200, 500, 1000, 2000, 5000, 10_000),))
AT_ONCE = 1000
MICRODATA = "microdata"
ROWS = (MICRODATA, "panel")  # the tiers of rows of people
READING, BUILDING, WRITING = "reading", "building", "writing"  # the steps, in their order


class ParticipantWithdrew(Exception):
    """A person in the release stopped sharing while it was made."""


def nobody_withdrew(_participants: Collection[int]) -> None:
    """Say that nobody did: of a snapshot that is nobody's record."""


@using(SOURCE)
def release(
    request: ReleaseRequest,
    snapshot: Path,
    window: Window,
    out: Path,
    *,
    on_step: Callable[[str], None] = lambda _step: None,
    still_shared: Callable[[Collection[int]], None] = nobody_withdrew,
) -> int:
    """Make a release of a snapshot in a new folder, and return its number in the ledger.

    Its files are in English in every forum, so that releases compare. `on_step` hears of each step.
    `still_shared` is asked in the ledger's transaction, and raises ParticipantWithdrew. Raises
    Invalid for what is missing, too few people or a spent budget, TooRisky where an attack
    succeeds, OSError for a full disk; then there is neither a folder nor an entry.
    """
    request.check()
    linkage_keys.require_linkage(request.study, request.linkage)
    if request.epsilon is not None:
        privacy_budget.require_budget(request.study, request.epsilon, clock.now())
    on_step(BUILDING)
    built = _build(request, snapshot, window)
    on_step(WRITING)
    about = ReleaseMetadata(
        request.study,
        request.title,
        request.purpose,
        clock.now(),
        request.recipient.strip(),
        request.zone,
    )
    entered: list[int] = []

    def enter(checksums: Mapping[str, str]) -> None:
        with transaction() as session:
            # A withdrawal waits for this, and is then listed for recall.
            session.execute(select(Study.id).where(Study.slug == request.study).with_for_update())
            still_shared(built.participants)
            if request.follows:
                _keep_linkage(session, request, built)
            entered.append(_enter(request, built, checksums))

    files.write(
        out,
        built,
        about,
        spss=request.spss,
        packed=request.packed,
        before_naming=enter,
    )
    return entered[0]


def _build(request: ReleaseRequest, snapshot: Path, window: Window) -> Release:
    seed = secrets.randbits(62) if request.seed is None else request.seed
    if request.tier == "events":
        return event_level.build(snapshot, window, seed, request.hours)
    counted = queries.earlier_participants(request.study)
    if request.tier in ROWS:
        joined = _earlier_releases(request.study, request.tier)
        build = _build_of_rows(request)
        return build(snapshot, window, seed, joined, counted, request.class_size or 0)
    earlier = aggregate.EarlierReleases(
        counted=counted,
        aggregates=queries.earlier_profiles(request.study, "aggregate"),
        rows=[each for tier in ROWS for each in queries.earlier_profiles(request.study, tier)],
        in_rows=[
            each for tier in ROWS for each in queries.earlier_participants(request.study, tier)
        ],
        months=_months_released(request.study, window),
    )
    return aggregate.build(snapshot, window, seed, earlier, request.epsilon)


def _build_of_rows(request: ReleaseRequest) -> Callable[..., Release]:
    """Return what builds microdata or a panel as it was asked for."""
    goal = request.guesses / 100 if request.guesses else GOAL
    if request.tier != MICRODATA:
        return partial(panel.build, goal=goal)
    columns = request.told_columns
    if request.follows:
        linkage = linkage_keys.linked_classes(*_linkage_scope(request))
        return partial(linked_microdata.build, columns=columns, linkage=linkage)
    return partial(microdata.build, columns=columns, goal=goal)


def _linkage_scope(request: ReleaseRequest) -> tuple[str, str, str]:
    """Return for what people are followed: a study, a recipient and a purpose."""
    return request.study, one_line(request.recipient), one_line(request.linkage)


def _earlier_releases(study: str, tier: str) -> list[EarlierRelease]:
    """Return all earlier releases of rows, to be joined with one of this tier, each and at once."""
    before = queries.earlier_profiles(study, tier)
    erased = _all(queries.earlier_participants(study, tier)) - _all(before)
    found: list[EarlierRelease] = [LinkageWithinTier(each, erased=bool(erased)) for each in before]
    for other in ROWS:
        if other == tier:
            continue
        for at, intervals in queries.dated_profiles(study, other):
            found.append(LinkageAcrossTiers(intervals, other, (clock.now() - at).days + 1))
    if found:
        told = {
            each: [DatedRelease(*one) for one in queries.dated_profiles(study, each)]
            for each in ROWS
        }
        found.append(JointLinkage(told[MICRODATA], told["panel"], tier, clock.now()))
    return found


def _all(releases: Iterable[Iterable[int]]) -> frozenset[int]:
    return frozenset(key for people in releases for key in people)


def _months_released(study: str, window: Window) -> int:
    """Return how many months of a window were over when the last aggregate release told them."""
    at = queries.last_aggregate_at(study)
    if at is None:
        return 0
    days = (time_zones.day_at(at, window.zone) - window.begin).days + 1
    return max(0, days - window.unfinished) // MONTH


def _enter(request: ReleaseRequest, built: Release, checksums: Mapping[str, str]) -> int:
    """Write the ledger's entry and rows."""
    band = int(PEOPLE.codes(np.array([len(built.participants)]), 0)[0])
    with transaction() as session:
        if built.epsilon:
            privacy_budget.require_budget(
                request.study, built.epsilon, clock.now()
            )  # another may have been faster
        entry = LedgerEntry(
            study=request.study,
            tier=request.tier,
            created_at=clock.now(),
            made_by=request.made_by.strip(),
            reason=request.reason.strip(),
            recipient=request.recipient.strip(),
            agreement_digest=hashlib.sha256(request.agreement).hexdigest()
            if request.agreement
            else None,
            consent_versions=list(built.consent_versions),
            participants=PEOPLE.label(band, 0),
            attacks=[each.as_dict() for each in built.attacks],
            checksums=dict(checksums),
            epsilon=built.epsilon,
            linkage=one_line(request.linkage),
        )
        session.add(entry)
        session.flush()
        lines = [_ledger_row(entry.id, built, key) for key in sorted(built.participants)]
        for start in range(0, len(lines), AT_ONCE):
            session.execute(insert(ReleasedRow), lines[start : start + AT_ONCE])
        audit_log.add_entry(
            "release_made", request.study, request.by_id, release=entry.id, tier=request.tier
        )
        return entry.id


def _keep_linkage(session: Session, request: ReleaseRequest, built: Release) -> None:
    """Keep the ids of people who are followed, unless one of them agrees no longer."""
    linkage_keys.require_linkage(request.study, request.linkage)
    mine = _linkage_scope(request)
    keys = {key for each in built.linked_classes for key in each.ids}
    if linkage_keys.linked_classes(
        *mine
    ) != built.linked_before or keys - linkage_keys.agreeing_participants(request.study):
        raise ParticipantWithdrew
    linkage_keys.replace_linked_classes(session, *mine, built.linked_classes)


def _ledger_row(release_id: int, built: Release, key: int) -> dict[str, object]:
    row = built.profiles.get(key)
    intervals = named_intervals(row, *built.variable_names) if row else {}
    digest_key, text = secrets.token_hex(32), json.dumps([release_id, key, intervals]).encode()
    return {
        "release_id": release_id,
        "participant": key,
        "intervals": intervals,
        "digest": hmac.new(digest_key.encode(), text, hashlib.sha256).hexdigest(),
        "digest_key": digest_key,
    }
