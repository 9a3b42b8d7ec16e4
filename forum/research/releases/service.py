"""Making a release: built, attacked, written, and entered in the ledger."""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import insert, select

from forum.activity.measures.record import Window
from forum.core import clock
from forum.core.db import transaction
from forum.core.errors import Conflict, Invalid
from forum.research.models import Study
from forum.research.releases import aggregate, budget, files, microdata, queries, rows
from forum.research.releases.bands import Counted
from forum.research.releases.models import ReleasedRow, ReleaseEntry
from forum.research.releases.table import Release

TIERS = ("aggregate", "microdata", "events")
PEOPLE = Counted("participants", ((0, 11, 50, 100, 200, 500, 1000, 2000, 5000, 10_000),))
AT_ONCE = 1000
NEEDS_AGREEMENT = (
    "Event rows are personal data. They need the file of the agreement that they are given under, "
    "and the name of who receives them."
)
WITHDRAWN = (
    "Somebody has withdrawn while this release was made, so that it was thrown away. "
    "Please make it again."
)
NOISE_ELSEWHERE = "Noise for an epsilon is added to aggregates only."
NEEDS_REASON = "The ledger needs to know who makes this release, and why."


@dataclass(frozen=True)
class Asked:
    """What is asked for: of which study, what tier, by whom, why, and for whom.

    `hours` is what times in event rows are cut to; `agreement` is the file that says so. With an
    `epsilon`, aggregates carry noise. A seed is for reproducing a release in a test, and else made
    and forgotten; it reproduces no noise.
    """

    study: str
    title: str
    tier: str
    made_by: str
    reason: str
    purpose: str = ""
    recipient: str = ""
    agreement: Path | None = None
    hours: int = 1
    spss: bool = False
    epsilon: float | None = None
    seed: int | None = None


def release(
    asked: Asked,
    snapshot: Path,
    window: Window,
    out: Path,
    sharing: Callable[[], Set[int]] | None = None,
) -> int:
    """Make a release of a snapshot in a new folder, and return its number in the ledger.

    `sharing` tells who shares at the end, as somebody may have withdrawn in the meantime.

    Raises Invalid for what is missing, too few people or a spent budget, TooRisky where an attack
    succeeds, Conflict for who has withdrawn meanwhile, OSError for a full disk; then there is
    neither a folder nor an entry.
    """
    if not (asked.made_by.strip() and asked.reason.strip()):
        raise Invalid(NEEDS_REASON, code="reason_needed")
    if asked.tier == "events" and not (asked.agreement and asked.recipient.strip()):
        raise Invalid(NEEDS_AGREEMENT, code="agreement_needed")
    if asked.epsilon is not None:
        if asked.tier != "aggregate":
            raise Invalid(NOISE_ELSEWHERE, code="epsilon")
        budget.check(asked.study, asked.epsilon, clock.now())
    built = _built(asked, snapshot, window)
    about = files.About(
        asked.study, asked.title, asked.purpose, clock.now(), asked.recipient.strip()
    )
    entered: list[int] = []
    files.write(
        out,
        built,
        about,
        spss=asked.spss,
        before_naming=lambda checksums: entered.append(_enter(asked, built, checksums, sharing)),
    )
    return entered[0]


def _built(asked: Asked, snapshot: Path, window: Window) -> Release:
    seed = secrets.randbits(62) if asked.seed is None else asked.seed
    if asked.tier == "events":
        return rows.build(snapshot, window, seed, asked.hours)
    former = queries.said_earlier(asked.study, asked.tier)
    if asked.tier == "microdata":
        return microdata.build(snapshot, window, seed, former)
    return aggregate.build(snapshot, window, seed, former, asked.epsilon)


def _enter(
    asked: Asked,
    built: Release,
    checksums: Mapping[str, str],
    sharing: Callable[[], Set[int]] | None,
) -> int:
    """Write the ledger's entry and rows."""
    agreement = asked.agreement.read_bytes() if asked.agreement else None
    band = int(PEOPLE.codes(np.array([len(built.participants)]), 0)[0])
    with transaction() as session:
        # Whoever withdraws waits for this, and is then listed for recall.
        session.execute(select(Study.id).where(Study.slug == asked.study).with_for_update())
        if sharing and built.participants - sharing():
            raise Conflict(WITHDRAWN, code="withdrawn_meanwhile")
        if built.epsilon:
            budget.check(asked.study, built.epsilon, clock.now())  # another may have been faster
        entry = ReleaseEntry(
            study=asked.study,
            tier=asked.tier,
            created_at=clock.now(),
            made_by=asked.made_by.strip(),
            reason=asked.reason.strip(),
            recipient=asked.recipient.strip(),
            agreement_digest=hashlib.sha256(agreement).hexdigest() if agreement else None,
            consent_versions=list(built.consent_versions),
            participants=PEOPLE.label(band, 0),
            attacks=[each.as_dict() for each in built.attacks],
            checksums=dict(checksums),
            epsilon=built.epsilon,
        )
        session.add(entry)
        session.flush()
        lines = [_line(entry.id, built, key) for key in sorted(built.participants)]
        for start in range(0, len(lines), AT_ONCE):
            session.execute(insert(ReleasedRow), lines[start : start + AT_ONCE])
        return entry.id


def _line(release_id: int, built: Release, key: int) -> dict[str, object]:
    row = built.kept.get(key)
    said = [row.visible, row.hidden] if row else []
    digest = hashlib.sha256(json.dumps([release_id, key, said]).encode()).hexdigest()
    return {"release_id": release_id, "participant": key, "said": said, "digest": digest}
