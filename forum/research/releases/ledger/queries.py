"""Reading the ledger."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, not_, or_, select

from forum.core.db import at_most, current_session
from forum.core.errors import NotFound
from forum.research.models import Consent, Participant
from forum.research.queries import latest_consent
from forum.research.releases.ledger import released_profiles
from forum.research.releases.ledger.models import LedgerEntry, ReleasedRow
from forum.research.releases.ledger.released_profiles import ReleasedProfile, ReleasedProfiles

ENTRIES_A_PAGE = 50
EVENTS = "events"  # the tier, and the clause that permits it


def entries(page: int = 1) -> Sequence[LedgerEntry]:
    """Return a page of entries, the newest first, with one more."""
    found = select(LedgerEntry).order_by(LedgerEntry.id.desc())
    start = at_most((page - 1) * ENTRIES_A_PAGE)
    return current_session().scalars(found.limit(at_most(ENTRIES_A_PAGE + 1)).offset(start)).all()


def entry(release_id: int) -> LedgerEntry:
    """Return one entry. Raises NotFound."""
    found = current_session().get(LedgerEntry, release_id)
    if found is None:
        raise NotFound
    return found


def rows_digest(release_id: int) -> str:
    """Return the SHA-256 of the digests of all rows of a release, in their order."""
    mine = select(ReleasedRow.digest).where(ReleasedRow.release_id == release_id)
    rows = current_session().scalars(mine.order_by(ReleasedRow.digest))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def to_recall(study: str) -> Sequence[LedgerEntry]:
    """Return a study's releases with rows of people who share no longer, the oldest first.

    Their recipients are to be told, that they delete these releases.
    """
    found = select(LedgerEntry).where(
        LedgerEntry.study == study, LedgerEntry.id.in_(_with_withdrawn())
    )
    return current_session().scalars(found.order_by(LedgerEntry.id)).all()


def recalled(release_ids: Collection[int]) -> set[int]:
    """Return which of these releases hold rows of people who no longer share."""
    withdrawn = _with_withdrawn().where(ReleasedRow.release_id.in_(release_ids))
    return set(current_session().scalars(withdrawn))


def _with_withdrawn() -> Select[*tuple[int]]:
    """Select the releases in which somebody is who was erased, or stopped sharing since.

    Who had left by then, and let what was recorded be kept, is rightly in it.
    """
    permitted = exists().where(
        Consent.id == latest_consent(ReleasedRow.participant),
        Consent.record,
        case((LedgerEntry.tier == EVENTS, Consent.events), else_=Consent.share),
        or_(Consent.ended_at.is_(None), Consent.ended_at <= LedgerEntry.created_at),
    )
    return (
        select(ReleasedRow.release_id)
        .join(LedgerEntry, LedgerEntry.id == ReleasedRow.release_id)
        .where(not_(permitted.correlate_except(Consent)))
        .distinct()
    )


def clause_of(tier: str) -> str:
    """Return the clause of a consent that permits releases of a tier."""
    return EVENTS if tier == EVENTS else "share"


def sharing_participants(study_id: int, clause: str) -> frozenset[int]:
    """Return the keys of people whose consent in force is to record, and to this clause."""
    mine = (
        select(Participant.key)
        .join(Consent, Consent.participant == Participant.key)
        .where(
            Participant.study_id == study_id,
            Consent.ended_at.is_(None),
            Consent.record,
            getattr(Consent, clause),
        )
    )
    return frozenset(current_session().scalars(mine))


def permitting_participants(study_id: int, clause: str) -> frozenset[int]:
    """Return the same by the latest consent of each person, whether in force or not."""
    mine = (
        select(Participant.key)
        .join(Consent, Consent.id == latest_consent(Participant.key))
        .where(Participant.study_id == study_id, Consent.record, getattr(Consent, clause))
    )
    return frozenset(current_session().scalars(mine))


def earlier_profiles(study: str, tier: str) -> list[ReleasedProfiles]:
    """Return what each earlier release of a study's tier said, the oldest first."""
    return [intervals for _, intervals in dated_profiles(study, tier)]


def dated_profiles(study: str, tier: str) -> list[tuple[datetime, ReleasedProfiles]]:
    """Return the same, each with the moment when it was made."""
    rows = current_session().execute(
        select(
            LedgerEntry.created_at,
            ReleasedRow.release_id,
            ReleasedRow.participant,
            ReleasedRow.intervals,
        )
        .join(LedgerEntry, LedgerEntry.id == ReleasedRow.release_id)
        .where(LedgerEntry.study == study, LedgerEntry.tier == tier)
        .order_by(ReleasedRow.release_id, ReleasedRow.participant)
    )
    read = (
        released_profiles.read_panel_profile if tier == "panel" else released_profiles.read_profile
    )
    found: dict[int, tuple[datetime, dict[int, ReleasedProfile]]] = {}
    for created_at, release_id, participant, intervals in rows:
        if intervals:
            by_name = (
                intervals
                if isinstance(intervals, dict)
                else released_profiles.name_legacy_intervals(*intervals)
            )
            found.setdefault(release_id, (created_at, {}))[1][participant] = read(by_name)
    return list(found.values())


def earlier_participants(study: str, tier: str = "aggregate") -> list[frozenset[int]]:
    """Return who was in each release of a study's tier, erased people too, the oldest first.

    Those with noise are left out: what it promises of each person holds whatever else is released.
    """
    rows = current_session().execute(
        select(ReleasedRow.release_id, ReleasedRow.participant)
        .join(LedgerEntry, LedgerEntry.id == ReleasedRow.release_id)
        .where(_without_noise(study, tier))
        .order_by(ReleasedRow.release_id)
    )
    found: dict[int, set[int]] = {}
    for release_id, participant in rows:
        found.setdefault(release_id, set()).add(participant)
    return [frozenset(people) for people in found.values()]


def last_aggregate_at(study: str) -> datetime | None:
    """Return when the newest aggregate release of a study without noise was made."""
    newest = select(func.max(LedgerEntry.created_at)).where(_without_noise(study, "aggregate"))
    return current_session().scalar(newest)


def _without_noise(study: str, tier: str) -> ColumnElement[bool]:
    return and_(
        LedgerEntry.study == study,
        LedgerEntry.tier == tier,
        LedgerEntry.epsilon.is_(None),
    )
