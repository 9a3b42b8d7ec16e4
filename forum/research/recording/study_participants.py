"""Who is in a study, as its snapshots say it: what they agreed to, since when and until when."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from forum.activity.models import ActivityEvent
from forum.groups.models import Membership
from forum.research.models import (
    CLAUSES,
    Consent,
    ConsentDocument,
    Participant,
    Study,
    StudyGroup,
)
from forum.research.queries import latest_consent


def participant_keys(study_id: int) -> Select[*tuple[int]]:
    """Select the keys of everybody in a study; people being erased are left out."""
    agreed = exists().where(Consent.participant == Participant.key)
    return select(Participant.key).where(Participant.study_id == study_id, agreed)


def participants(study_id: int) -> Select[*tuple[Any, ...]]:
    """Select a row for everybody in a study, with the columns of a snapshot's participants.

    They joined when the record of them begins: in the past where their consent includes that, or
    else when they agreed. A group that they joined after recording ended is none of the study's.
    """
    began_at = (
        select(func.min(ActivityEvent.at))
        .where(ActivityEvent.participant == Participant.key)
        .correlate(Participant)
        .scalar_subquery()
    )
    over_at = (StudyGroup.left_at, Consent.ended_at, Study.closed_at)
    groups = (
        select(func.count())
        .select_from(Membership)
        .join(StudyGroup, StudyGroup.group_id == Membership.group_id)
        .where(
            StudyGroup.study_id == study_id,
            Membership.account_id == Participant.account_id,
            *(or_(over.is_(None), Membership.joined_at < over) for over in over_at),
        )
        .correlate(Participant, Consent, Study)
        .scalar_subquery()
    )
    return (
        select(
            Participant.key.label("participant"),
            Consent.given_at.label("consented_at"),
            ConsentDocument.version.label("consent_version"),
            *(getattr(Consent, clause) for clause in CLAUSES if clause != "answer"),
            func.coalesce(began_at, Consent.given_at).label("joined_at"),
            Consent.ended_at.label("left_at"),
            _over_at(study_id).label("over_at"),
            groups.label("groups"),
            _begins_with_joining(began_at).label("joining_known"),
            Participant.zone.label("zone"),
        )
        .select_from(Participant)
        .join(Study, Study.id == Participant.study_id)
        .join(Consent, Consent.id == latest_consent(Participant.key))
        .join(ConsentDocument, ConsentDocument.id == Consent.document_id)
        .where(Participant.study_id == study_id)
        .order_by(Participant.key)
    )


def _begins_with_joining(began_at: ScalarSelect[datetime]) -> ColumnElement[bool]:
    """Return whether somebody's record begins with joining a group.

    Of the others nobody knows since when they have been here: they agreed later, without the past,
    or had been here before. So they are no newcomers.
    """
    joined = aliased(ActivityEvent)
    return (
        exists()
        .where(
            joined.participant == Participant.key,
            joined.kind == "group_joined",
            joined.at == began_at,
        )
        .correlate(Participant)
    )


def _over_at(study_id: int) -> ScalarSelect[datetime | None]:
    """Return when a study ended, or when the last of somebody's groups in it left it."""
    still_there = func.count().filter(StudyGroup.left_at.is_(None))
    return (
        select(
            case(
                (still_there > 0, Study.closed_at),
                else_=func.coalesce(func.max(StudyGroup.left_at), Study.closed_at),
            )
        )
        .select_from(Membership)
        .join(StudyGroup, StudyGroup.group_id == Membership.group_id)
        .where(StudyGroup.study_id == study_id, Membership.account_id == Participant.account_id)
        .correlate(Participant, Study)
        .scalar_subquery()
    )
