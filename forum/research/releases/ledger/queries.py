"""Reading the ledger."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select

from forum.core.db import at_most, reading
from forum.core.errors import NotFound
from forum.research.models import Consent, Participant
from forum.research.queries import latest_consent
from forum.research.releases.ledger import released_profiles
from forum.research.releases.ledger.models import ReleasedRow, ReleaseEntry
from forum.research.releases.ledger.released_profiles import Row, Rows

ENTRIES_A_PAGE = 50


def ledger(page: int = 1) -> Sequence[ReleaseEntry]:
    """Return a page of entries, the newest first, with one more."""
    found = select(ReleaseEntry).order_by(ReleaseEntry.id.desc())
    start = at_most((page - 1) * ENTRIES_A_PAGE)
    return reading().scalars(found.limit(at_most(ENTRIES_A_PAGE + 1)).offset(start)).all()


def entry(release_id: int) -> ReleaseEntry:
    """Return one entry. Raises NotFound."""
    found = reading().get(ReleaseEntry, release_id)
    if found is None:
        raise NotFound
    return found


def rows_digest(release_id: int) -> str:
    """Return the SHA-256 of the digests of all rows of a release, in their order."""
    mine = select(ReleasedRow.digest).where(ReleasedRow.release_id == release_id)
    rows = reading().scalars(mine.order_by(ReleasedRow.digest))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def to_recall(study: str) -> Sequence[ReleaseEntry]:
    """Return a study's releases with rows of people who share no longer, the oldest first.

    Their recipients are to be told, that they delete these releases.
    """
    found = select(ReleaseEntry).where(
        ReleaseEntry.study == study, ReleaseEntry.id.in_(_with_withdrawn())
    )
    return reading().scalars(found.order_by(ReleaseEntry.id)).all()


def recalled(release_ids: Collection[int]) -> set[int]:
    """Return which of these releases hold rows of people who no longer share."""
    withdrawn = _with_withdrawn().where(ReleasedRow.release_id.in_(release_ids))
    return set(reading().scalars(withdrawn))


def _with_withdrawn() -> Select[*tuple[int]]:
    """Select the releases in which somebody is who was erased, or stopped sharing since.

    Who had left by then, and let what was recorded be kept, is rightly in it.
    """
    permitted = exists().where(
        Consent.id == latest_consent(ReleasedRow.participant), Consent.record, Consent.share,
        or_(Consent.ended_at.is_(None), Consent.ended_at <= ReleaseEntry.created_at),
    )  # fmt: skip
    return (
        select(ReleasedRow.release_id)
        .join(ReleaseEntry, ReleaseEntry.id == ReleasedRow.release_id)
        .where(not_(permitted.correlate_except(Consent)))
        .distinct()
    )


def sharing(study_id: int) -> frozenset[int]:
    """Return the keys of those who share what is recorded of them for a study, at this moment."""
    mine = (
        select(Participant.key)
        .join(Consent, Consent.participant == Participant.key)
        .where(
            Participant.study_id == study_id, Consent.ended_at.is_(None), Consent.record,
            Consent.share,
        )
    )  # fmt: skip
    return frozenset(reading().scalars(mine))


def permitting(study_id: int) -> frozenset[int]:
    """Return the keys of those whose latest consent, in force or not, is to record and share."""
    mine = (
        select(Participant.key)
        .join(Consent, Consent.id == latest_consent(Participant.key))
        .where(Participant.study_id == study_id, Consent.record, Consent.share)
    )
    return frozenset(reading().scalars(mine))


def said_earlier(study: str, tier: str) -> list[Rows]:
    """Return what each earlier release of a study's tier said, the oldest first."""
    return [said for _, said in dated(study, tier)]


def dated(study: str, tier: str) -> list[tuple[datetime, Rows]]:
    """Return the same, each with the moment when it was made."""
    rows = reading().execute(
        select(
            ReleaseEntry.created_at,
            ReleasedRow.release_id,
            ReleasedRow.participant,
            ReleasedRow.said,
        )
        .join(ReleaseEntry, ReleaseEntry.id == ReleasedRow.release_id)
        .where(ReleaseEntry.study == study, ReleaseEntry.tier == tier)
        .order_by(ReleasedRow.release_id, ReleasedRow.participant)
    )
    read = released_profiles.in_panel if tier == "panel" else released_profiles.of
    found: dict[int, tuple[datetime, dict[int, Row]]] = {}
    for created_at, release_id, participant, said in rows:
        if said:
            by_name = said if isinstance(said, dict) else released_profiles.formerly(*said)
            found.setdefault(release_id, (created_at, {}))[1][participant] = read(by_name)
    return list(found.values())


def people_earlier(study: str, tier: str = "aggregate") -> list[frozenset[int]]:
    """Return who was in each release of a study's tier, erased people too, the oldest first.

    Those with noise are left out: what it promises of each person holds beside all else that is
    told.
    """
    rows = reading().execute(
        select(ReleasedRow.release_id, ReleasedRow.participant)
        .join(ReleaseEntry, ReleaseEntry.id == ReleasedRow.release_id)
        .where(_without_noise(study, tier))
        .order_by(ReleasedRow.release_id)
    )
    found: dict[int, set[int]] = {}
    for release_id, participant in rows:
        found.setdefault(release_id, set()).add(participant)
    return [frozenset(people) for people in found.values()]


def last_aggregate_at(study: str) -> datetime | None:
    """Return when the newest aggregate release of a study without noise was made."""
    newest = select(func.max(ReleaseEntry.created_at)).where(_without_noise(study, "aggregate"))
    return reading().scalar(newest)


def _without_noise(study: str, tier: str) -> ColumnElement[bool]:
    return and_(
        ReleaseEntry.study == study,
        ReleaseEntry.tier == tier,
        ReleaseEntry.epsilon.is_(None),
    )
