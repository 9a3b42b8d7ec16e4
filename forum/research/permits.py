"""Which recording a consent permits: the one question that is asked before anything is stored."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from forum.core.db import reading
from forum.research.models import OPEN, Consent, Participant, Study, StudyGroup


class Permit(NamedTuple):
    """A participant in one open study, and the consent under which they are recorded."""

    study_id: int
    participant: int
    consent_id: int
    given_at: datetime


def of(
    account_ids: Iterable[int | None],
    group_id: int | None,
    at: datetime,
    study_id: int | None = None,
) -> dict[int, list[Permit]]:
    """Return by account what may be recorded of an act in a group, or in none (None), at `at`.

    An act from before the consent is recorded only when that includes the past. `study_id` asks
    about one study alone.
    """
    found = (
        select(
            Participant.account_id,
            Participant.study_id,
            Participant.key,
            Consent.id,
            Consent.given_at,
            Consent.past,
        )
        .join(Consent, Consent.participant == Participant.key)
        .join(Study, Study.id == Participant.study_id)
        .where(
            Participant.account_id.in_(sorted({each for each in account_ids if each})),
            Consent.ended_at.is_(None),
            Consent.record,
            Study.state == OPEN,
        )
    )
    if group_id is not None:
        here = select(StudyGroup.study_id).where(StudyGroup.group_id == group_id)
        found = found.where(Study.id.in_(here))
    if study_id is not None:
        found = found.where(Study.id == study_id)
    permits: dict[int, list[Permit]] = defaultdict(list)
    for row in reading().execute(found):
        if row.past or row.given_at <= at:
            permits[row.account_id or 0].append(Permit(row.study_id, row.key, row.id, row.given_at))
    return permits
