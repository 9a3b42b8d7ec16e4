"""Reading the ledger."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from forum.core.db import reading
from forum.research.releases.earlier import Interval, Row, Rows
from forum.research.releases.models import ReleasedRow, ReleaseEntry


def ledger() -> Sequence[ReleaseEntry]:
    """Return all entries, the newest first."""
    return reading().scalars(select(ReleaseEntry).order_by(ReleaseEntry.id.desc())).all()


def to_recall(participants: Iterable[int]) -> Sequence[ReleaseEntry]:
    """Return the releases that hold rows of these participants, the oldest first.

    Their recipients are to be told when somebody withdraws. Ask before erasing.
    """
    holding = select(ReleasedRow.release_id).where(ReleasedRow.participant.in_(list(participants)))
    found = select(ReleaseEntry).where(ReleaseEntry.id.in_(holding)).order_by(ReleaseEntry.id)
    return reading().scalars(found).all()


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
