"""Reading the ledger."""

from collections.abc import Sequence

from sqlalchemy import select

from forum.core.db import reading
from forum.research.models import Consent, Participant
from forum.research.releases.earlier import Interval, Row, Rows
from forum.research.releases.models import ReleasedRow, ReleaseEntry


def ledger() -> Sequence[ReleaseEntry]:
    """Return all entries, the newest first."""
    return reading().scalars(select(ReleaseEntry).order_by(ReleaseEntry.id.desc())).all()


def to_recall(study: str) -> Sequence[ReleaseEntry]:
    """Return a study's releases with rows of people who no longer share, the oldest first.

    Their recipients are to be told, that they delete these releases.
    """
    sharing = select(Consent.participant).where(
        Consent.ended_at.is_(None), Consent.record, Consent.share
    )
    withdrawn = select(ReleasedRow.release_id).where(ReleasedRow.participant.not_in(sharing))
    found = select(ReleaseEntry).where(ReleaseEntry.study == study, ReleaseEntry.id.in_(withdrawn))
    return reading().scalars(found.order_by(ReleaseEntry.id)).all()


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


def said_earlier(study: str, tier: str) -> list[Rows]:
    """Return what each earlier release of a study's tier said, the oldest first."""
    rows = reading().execute(
        select(ReleasedRow.release_id, ReleasedRow.participant, ReleasedRow.said)
        .join(ReleaseEntry, ReleaseEntry.id == ReleasedRow.release_id)
        .where(ReleaseEntry.study == study, ReleaseEntry.tier == tier)
        .order_by(ReleasedRow.release_id, ReleasedRow.participant)
    )
    found: dict[int, dict[int, Row]] = {}
    for release_id, participant, said in rows:
        if said:
            visible, hidden = (_intervals(part) for part in said)
            found.setdefault(release_id, {})[participant] = Row(visible, hidden)
    return list(found.values())


def _intervals(values: Sequence[Sequence[int]]) -> tuple[Interval, ...]:
    return tuple((low, high) for low, high in values)
