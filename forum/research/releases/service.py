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

from forum.activity.measures.record import MONTH, Window
from forum.core import clock, time_zones
from forum.core.db import transaction
from forum.research.models import Study
from forum.research.releases.disclosure.attacks.linkage import Joined, Linked
from forum.research.releases.disclosure.attacks.linkage_across_tiers import AcrossTiers
from forum.research.releases.disclosure.differential_privacy import privacy_budget
from forum.research.releases.ledger import linkage_keys, queries
from forum.research.releases.ledger.models import ReleasedRow, ReleaseEntry
from forum.research.releases.ledger.released_profiles import by_name
from forum.research.releases.package import files
from forum.research.releases.package.schema import Release
from forum.research.releases.profiles.generalisation import Counted
from forum.research.releases.release_request import Asked, one_line
from forum.research.releases.tiers import (
    aggregate,
    event_level,
    linked_microdata,
    microdata,
    panel,
)
from forum.research.studies import audit_log

PEOPLE = Counted("participants", ((0, 11, 50, 100, 200, 500, 1000, 2000, 5000, 10_000),))
AT_ONCE = 1000
ROWS = {"microdata": microdata.build, "panel": panel.build}  # the tiers of rows of people
READING, BUILDING, WRITING = "reading", "building", "writing"  # the steps, in their order


class SomebodyWithdrew(Exception):
    """Somebody who is in the release stopped sharing while it was made."""


def nobody_withdrew(_participants: Collection[int]) -> None:
    """Say that nobody did: of a snapshot that is nobody's record."""


def release(
    asked: Asked,
    snapshot: Path,
    window: Window,
    out: Path,
    *,
    told: Callable[[str], None] = lambda _step: None,
    still_shared: Callable[[Collection[int]], None] = nobody_withdrew,
) -> int:
    """Make a release of a snapshot in a new folder, and return its number in the ledger.

    `told` hears of each step. `still_shared` is asked in the ledger's transaction, and raises
    SomebodyWithdrew. Raises Invalid for what is missing, too few people or a spent budget, TooRisky
    where an attack succeeds, OSError for a full disk; then there is neither a folder nor an entry.
    """
    asked.check()
    linkage_keys.check(asked.study, asked.linkage)
    if asked.epsilon is not None:
        privacy_budget.check(asked.study, asked.epsilon, clock.now())
    told(BUILDING)
    built = _built(asked, snapshot, window)
    told(WRITING)
    about = files.About(
        asked.study, asked.title, asked.purpose, clock.now(), asked.recipient.strip(), asked.zone
    )
    entered: list[int] = []

    def enter(checksums: Mapping[str, str]) -> None:
        with transaction() as session:
            # Whoever withdraws waits for this, and is then listed for recall.
            session.execute(select(Study.id).where(Study.slug == asked.study).with_for_update())
            still_shared(built.participants)
            if asked.follows:
                _follow(session, asked, built)
            entered.append(_enter(asked, built, checksums))

    files.write(
        out,
        built,
        about,
        spss=asked.spss,
        packed=asked.packed,
        before_naming=enter,
    )
    return entered[0]


def _built(asked: Asked, snapshot: Path, window: Window) -> Release:
    seed = secrets.randbits(62) if asked.seed is None else asked.seed
    if asked.tier == "events":
        return event_level.build(snapshot, window, seed, asked.hours)
    counted = queries.people_earlier(asked.study)
    if build := ROWS.get(asked.tier):
        joined = _joined(asked.study, asked.tier)
        if asked.columns or asked.follows:  # which only microdata have
            build = partial(_microdata(asked), columns=asked.columns)
        return build(snapshot, window, seed, joined, counted, asked.alike or 0)
    former = aggregate.Former(
        people=counted,
        said=queries.said_earlier(asked.study, "aggregate"),
        rows=[each for tier in ROWS for each in queries.said_earlier(asked.study, tier)],
        in_rows=[each for tier in ROWS for each in queries.people_earlier(asked.study, tier)],
        months=_months_told(asked.study, window),
    )
    return aggregate.build(snapshot, window, seed, former, asked.epsilon)


def _microdata(asked: Asked) -> Callable[..., Release]:
    if not asked.follows:
        return microdata.build
    return partial(linked_microdata.build, linkage=linkage_keys.followed(*_followed_for(asked)))


def _followed_for(asked: Asked) -> tuple[str, str, str]:
    """Return for what people are followed: a study, a recipient and a purpose."""
    return asked.study, one_line(asked.recipient), one_line(asked.linkage)


def _joined(study: str, tier: str) -> list[Linked]:
    """Return all earlier releases of rows, to be joined with one of this tier."""
    before = queries.said_earlier(study, tier)
    erased = _all(queries.people_earlier(study, tier)) - _all(before)
    found: list[Linked] = [Joined(each, erased=bool(erased)) for each in before]
    for other in ROWS.keys() - {tier}:
        for at, said in queries.dated(study, other):
            found.append(AcrossTiers(said, other, (clock.now() - at).days + 1))
    return found


def _all(releases: Iterable[Iterable[int]]) -> frozenset[int]:
    return frozenset(key for people in releases for key in people)


def _months_told(study: str, window: Window) -> int:
    """Return how many months of a window were over when the last aggregate release told them."""
    at = queries.last_aggregate_at(study)
    if at is None:
        return 0
    days = (time_zones.day_at(at, window.zone) - window.begin).days + 1
    return max(0, days - window.unfinished) // MONTH


def _enter(asked: Asked, built: Release, checksums: Mapping[str, str]) -> int:
    """Write the ledger's entry and rows."""
    band = int(PEOPLE.codes(np.array([len(built.participants)]), 0)[0])
    with transaction() as session:
        if built.epsilon:
            privacy_budget.check(
                asked.study, built.epsilon, clock.now()
            )  # another may have been faster
        entry = ReleaseEntry(
            study=asked.study,
            tier=asked.tier,
            created_at=clock.now(),
            made_by=asked.made_by.strip(),
            reason=asked.reason.strip(),
            recipient=asked.recipient.strip(),
            agreement_digest=hashlib.sha256(asked.agreement).hexdigest()
            if asked.agreement
            else None,
            consent_versions=list(built.consent_versions),
            participants=PEOPLE.label(band, 0),
            attacks=[each.as_dict() for each in built.attacks],
            checksums=dict(checksums),
            epsilon=built.epsilon,
            linkage=one_line(asked.linkage),
        )
        session.add(entry)
        session.flush()
        lines = [_line(entry.id, built, key) for key in sorted(built.participants)]
        for start in range(0, len(lines), AT_ONCE):
            session.execute(insert(ReleasedRow), lines[start : start + AT_ONCE])
        audit_log.note("release_made", asked.study, asked.by_id, release=entry.id, tier=asked.tier)
        return entry.id


def _follow(session: Session, asked: Asked, built: Release) -> None:
    """Keep the ids of those who are followed, unless one of them agrees no longer."""
    linkage_keys.check(asked.study, asked.linkage)
    mine = _followed_for(asked)
    keys = {key for each in built.followed for key in each.ids}
    if linkage_keys.followed(*mine) != built.followed_before or keys - linkage_keys.agreeing(
        asked.study
    ):
        raise SomebodyWithdrew
    linkage_keys.replace(session, *mine, built.followed)


def _line(release_id: int, built: Release, key: int) -> dict[str, object]:
    row = built.kept.get(key)
    said = by_name(row, *built.kept_names) if row else {}
    digest_key, text = secrets.token_hex(32), json.dumps([release_id, key, said]).encode()
    return {
        "release_id": release_id,
        "participant": key,
        "said": said,
        "digest": hmac.new(digest_key.encode(), text, hashlib.sha256).hexdigest(),
        "digest_key": digest_key,
    }
