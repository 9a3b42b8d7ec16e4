"""Which recording a consent permits: the one question that is asked before anything is stored.

Every post asks it, so it is prepared: to most people it answers with nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.types import Integer

from forum.core import clock, time_zones
from forum.core.db import current_connection
from forum.groups.models import Membership
from forum.research.models import OPEN, Consent, Participant, Study, StudyGroup


class RecordingPermit(NamedTuple):
    """A participant in one open study, and the consent under which they are recorded."""

    study_id: int
    participant: int
    consent_id: int
    given_at: datetime


_MINE = Participant.account_id == bindparam("account", type_=Integer)
_IN_FORCE = (
    select(
        Participant.study_id,
        Participant.key,
        Consent.id,
        Consent.given_at,
        Consent.past,
        Study.ends_on,
        Study.zone,
    )
    .join(Consent, Consent.participant == Participant.key)
    .join(Study, Study.id == Participant.study_id)
    .where(Consent.ended_at.is_(None), Consent.record, Study.state == OPEN)
    .order_by(Participant.study_id)
)
# What belongs to no group counts while somebody is in a group that is still studied.
_STILL_THERE = (
    select(StudyGroup.group_id)
    .join(Membership, Membership.group_id == StudyGroup.group_id)
    .where(
        StudyGroup.study_id == Study.id,
        StudyGroup.left_at.is_(None),
        Membership.account_id == Participant.account_id,
    )
    .correlate(Study, Participant)
)
_IN_A_GROUP = _IN_FORCE.join(StudyGroup, StudyGroup.study_id == Study.id).where(
    StudyGroup.left_at.is_(None)
)
_ANYWHERE = _IN_FORCE.where(_MINE, _STILL_THERE.exists())
_ANYWHERE_IN_PRIVATE = _ANYWHERE.where(Consent.private_messages)
_IN_GROUP = _IN_A_GROUP.where(_MINE, StudyGroup.group_id == bindparam("group", type_=Integer))
# People and places apart: asked for together, everybody would come once for each group.
_OF_SEVERAL = _IN_FORCE.add_columns(Participant.account_id).where(
    Participant.account_id.in_(bindparam("accounts", expanding=True))
)
_PLACES = (
    select(StudyGroup.study_id, StudyGroup.group_id)
    .where(
        StudyGroup.group_id.in_(bindparam("groups", expanding=True)), StudyGroup.left_at.is_(None)
    )
    .order_by(StudyGroup.group_id)
)


def is_study_over(ends_on: date | None, at: datetime, zone: str) -> bool:
    """Whether a study's last day, in its time zone, is over at a moment."""
    return ends_on is not None and time_zones.day_at(at, zone) > ends_on


def permits_for(
    account_ids: Iterable[int | None],
    group_id: int | None,
    at: datetime,
    study_id: int | None = None,
) -> dict[int, list[RecordingPermit]]:
    """Return by account what may be recorded of an act in a group, or in none (None), at `at`.

    An act from before the consent is recorded only when that includes the past, and none after the
    study's last day, though it may be closed later. `study_id` asks about one study alone.
    """
    permits: dict[int, list[RecordingPermit]] = defaultdict(list)
    for account_id in sorted({each for each in account_ids if each}):
        found = (
            current_connection().execute(_ANYWHERE, {"account": account_id}).all()
            if group_id is None
            else current_connection()
            .execute(_IN_GROUP, {"account": account_id, "group": group_id})
            .all()
        )
        for row in found:
            if study_id not in {None, row.study_id} or is_study_over(row.ends_on, at, row.zone):
                continue
            if row.past or row.given_at <= at:
                permits[account_id].append(
                    RecordingPermit(row.study_id, row.key, row.id, row.given_at)
                )
    return permits


def permits_for_private_message(account_id: int, at: datetime) -> list[RecordingPermit]:
    """Return under which consents it may be recorded that somebody sent a private message.

    Only under those given when the record said that it counts them, and from then on.
    """
    found = current_connection().execute(_ANYWHERE_IN_PRIVATE, {"account": account_id}).all()
    return [
        RecordingPermit(row.study_id, row.key, row.id, row.given_at)
        for row in found
        if row.given_at <= at and not is_study_over(row.ends_on, at, row.zone)
    ]


def permits_for_several(
    account_ids: Collection[int], group_ids: Collection[int]
) -> dict[tuple[int, int], list[RecordingPermit]]:
    """Return by account and group what may be recorded from each consent on; asked in one go."""
    permits: dict[tuple[int, int], list[RecordingPermit]] = defaultdict(list)
    places = defaultdict[int, list[int]](list)
    for study_id, group_id in current_connection().execute(_PLACES, {"groups": sorted(group_ids)}):
        places[study_id].append(group_id)
    if not places:
        return permits
    for row in current_connection().execute(_OF_SEVERAL, {"accounts": sorted(account_ids)}):
        study_id, key, consent_id, given_at, _past, ends_on, zone, account_id = row
        if is_study_over(ends_on, clock.now(), zone):
            continue
        for group_id in places.get(study_id, ()):
            permits[account_id, group_id].append(
                RecordingPermit(study_id, key, consent_id, given_at)
            )
    return permits
