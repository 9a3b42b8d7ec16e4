"""Who takes part, and where, as each process knows it for a few seconds.

Every page of a thread asks whether its reading may be measured, and mostly the answer is no. To
make the question cost nothing, all answers are fetched at once and kept for so long as nobody would
notice; in the process in which something changes, they are fetched again. Nothing is stored by
this: what is written is permitted by `consent_checks`, which asks the database each time.
"""

import time
from dataclasses import dataclass

from sqlalchemy import Engine, select

from forum.core import db
from forum.core.db import current_connection
from forum.research.events import (
    ConsentGiven,
    ConsentWithdrawn,
    GroupLeftStudy,
    StudyClosed,
    StudyOpened,
)
from forum.research.models import OPEN, Consent, Participant, Study, StudyGroup

CACHED_FOR_S = 2.0  # the check of the record is less exact at a consent's beginning and end

_PLACES = (
    select(StudyGroup.group_id, StudyGroup.study_id)
    .join(Study, Study.id == StudyGroup.study_id)
    .where(Study.state == OPEN, StudyGroup.left_at.is_(None))
)
_PEOPLE = (
    select(Participant.account_id, Participant.study_id)
    .join(Consent, Consent.participant == Participant.key)
    .join(Study, Study.id == Participant.study_id)
    .where(Study.state == OPEN, Consent.ended_at.is_(None), Consent.record)
)


@dataclass(frozen=True)
class _Cache:
    """The open studies of each group, and of each account, in one database, until a moment."""

    engine: Engine
    until: float
    places: dict[int, set[int]]
    people: dict[int, set[int]]


_cache: _Cache | None = None


def may_record(account_id: int, group_id: int) -> bool:
    """Whether anything that somebody does in a group from now on may be recorded."""
    global _cache
    cache = _cache
    if cache is None or cache.until < time.monotonic() or cache.engine is not db.engine():
        cache = _cache = _fetched()
    studied = cache.places.get(group_id, set())
    return not studied.isdisjoint(cache.people.get(account_id, set()))


def clear_cache(
    _event: ConsentGiven | ConsentWithdrawn | GroupLeftStudy | StudyOpened | StudyClosed,
) -> None:
    """Fetch the answers again at the next question."""
    global _cache
    _cache = None


def _fetched() -> _Cache:
    until, engine = time.monotonic() + CACHED_FOR_S, db.engine()
    places, people = dict[int, set[int]](), dict[int, set[int]]()
    for group_id, study_id in current_connection().execute(_PLACES):
        places.setdefault(group_id, set()).add(study_id)
    if places:
        for account_id, study_id in current_connection().execute(_PEOPLE):
            people.setdefault(account_id or 0, set()).add(study_id)
    return _Cache(engine, until, places, people)
