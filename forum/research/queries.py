"""Reads about studies, and everything that is held about a participant."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ScalarSelect,
    Select,
    SQLColumnExpression,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from forum.accounts.policy import Viewer, person_id
from forum.activity import catalogue
from forum.activity.models import ActivityEvent
from forum.core.db import AnyRow, current_session
from forum.core.errors import NotFound
from forum.core.text.alphabets import letters
from forum.core.translation import _
from forum.groups import policy as group_policy
from forum.groups.models import Group, Membership
from forum.research.models import (
    CLAUSES,
    OPEN,
    Consent,
    ConsentDocument,
    Participant,
    Study,
    StudyGroup,
    StudyInstrument,
    clauses_asked,
)


@dataclass(frozen=True)
class StudyView:
    """A study as a member meets it: what it says, and what they agreed to."""

    study: Study
    groups: tuple[str, ...]
    left: tuple[str, ...]
    version: int
    text: str
    participant: int | None
    consent: Consent | None
    consent_version: int | None
    agreed_text: str
    has_instruments: bool

    @property
    def clauses(self) -> dict[str, str]:
        """Return the clauses that are asked for, and one that was agreed to before."""
        agreed = self.consent is not None and self.consent.linkage
        return clauses_asked(linkage=self.study.linkage or agreed, answer=self.has_instruments)

    @property
    def asks(self) -> bool:
        """Whether the member can agree, for the first time, again, or to a changed document."""
        return self.study.state == OPEN


def study_for(viewer: Viewer, slug: str) -> StudyView:
    """Return a study for a member of its groups or a participant. Raises LoginNeeded, NotFound."""
    me = person_id(viewer)
    studied = (
        select(StudyGroup.study_id)
        .join(Membership, Membership.group_id == StudyGroup.group_id)
        .where(Membership.account_id == me, StudyGroup.left_at.is_(None))
    )
    study = current_session().scalar(
        select(Study).where(
            Study.slug == slug,
            or_(
                exists().where(Participant.study_id == Study.id, Participant.account_id == me),
                (Study.state == OPEN) & Study.id.in_(studied),
            ),
        )
    )
    if study is None:
        raise NotFound
    newest = (
        current_session()
        .scalars(
            select(ConsentDocument)
            .where(ConsentDocument.study_id == study.id)
            .order_by(ConsentDocument.version.desc())
        )
        .first()
    )
    assert newest is not None  # noqa: S101 - a study is created with its document
    key = participant_key(me, study.id)
    consent = current_consent(key) if key else None
    agreed = current_session().get(ConsentDocument, consent.document_id) if consent else None
    names = letters.in_order(
        current_session().execute(
            select(Group.name, StudyGroup.left_at)
            .join(StudyGroup, StudyGroup.group_id == Group.id)
            .where(StudyGroup.study_id == study.id, group_policy.visible_to(viewer.sql_id()))
            .order_by(Group.id)
        )
    )
    return StudyView(
        study,
        tuple(row.name for row in names if not row.left_at),
        tuple(row.name for row in names if row.left_at),
        newest.version,
        newest.text,
        key,
        consent,
        agreed.version if agreed else None,
        agreed.text if agreed else "",
        has_instruments(study.id),
    )


def has_instruments(study_id: int) -> bool:
    """Whether a study asks people to answer questionnaires."""
    chosen = select(StudyInstrument.study_id).where(StudyInstrument.study_id == study_id)
    return current_session().scalar(chosen.limit(1)) is not None


def group_names(study_id: int, viewer: Viewer) -> dict[int, str]:
    """Return by number the names of a study's groups that somebody can see."""
    found = (
        select(Group.id, Group.name)
        .join(StudyGroup, StudyGroup.group_id == Group.id)
        .where(StudyGroup.study_id == study_id, group_policy.visible_to(viewer.sql_id()))
    )
    return {row.id: row.name for row in current_session().execute(found)}


def participant_key(account_id: int, study_id: int) -> int | None:
    """Return a member's key in a study."""
    return current_session().scalar(
        select(Participant.key).where(
            Participant.account_id == account_id, Participant.study_id == study_id
        )
    )


def participant_time_zone(participant: int) -> str | None:
    """Return the time zone that a participant has set for themselves."""
    return current_session().scalar(select(Participant.zone).where(Participant.key == participant))


def current_consent(participant: int) -> Consent | None:
    """Return the consent that has not ended."""
    return current_session().scalar(
        select(Consent).where(Consent.participant == participant, Consent.ended_at.is_(None))
    )


def invitations(account_id: int) -> list[AnyRow]:
    """Return (slug, title, takes_part) of open studies in somebody's groups, and of their own."""
    takes_part = exists().where(
        Participant.study_id == Study.id, Participant.account_id == account_id
    )
    invited = exists().where(
        StudyGroup.study_id == Study.id,
        StudyGroup.group_id == Membership.group_id,
        StudyGroup.left_at.is_(None),
        Membership.account_id == account_id,
    )
    found = select(Study.slug, Study.title, takes_part.label("takes_part")).where(
        or_(takes_part, (Study.state == OPEN) & invited)
    )
    return list(current_session().execute(found.order_by(Study.id)))


def study_at(slug: str) -> Study:
    """Return the study with this slug. Raises NotFound."""
    study = current_session().scalar(select(Study).where(Study.slug == slug))
    if study is None:
        raise NotFound(_("There is no study %(address)s.", address=slug))
    return study


def studies() -> list[AnyRow]:
    """Return (slug, state, title, participants) of every study, for the operator.

    `participants` counts those whose consent is in force.
    """
    count = (
        select(func.count())
        .select_from(Consent)
        .join(Participant, Participant.key == Consent.participant)
        .where(Participant.study_id == Study.id, Consent.ended_at.is_(None))
        .scalar_subquery()
    )
    listed = select(Study.slug, Study.state, Study.title, count.label("participants"))
    return list(current_session().execute(listed.order_by(Study.id)))


# What is recorded of participants alone would reveal who else takes part, which is theirs to say.
_NOT_THEIRS = {"id", "participant", *catalogue.ABOUT_OTHERS}
OWN_EVENT_COLUMNS = [
    column for column in ActivityEvent.__table__.c if column.key not in _NOT_THEIRS
]


def own_events(participant: int) -> Select[*tuple[Any, ...]]:
    """Select every row of the record about a participant: what a snapshot is made of.

    They are complete but for what they say of the author of the post before.
    """
    own = select(*OWN_EVENT_COLUMNS).where(ActivityEvent.participant == participant)
    return own.order_by(ActivityEvent.at, ActivityEvent.id)


def count_own_events(participant: int) -> int:
    """Return how many rows those are."""
    own = select(func.count()).where(ActivityEvent.participant == participant)
    return current_session().scalar(own) or 0


def latest_consent(participant: SQLColumnExpression[int]) -> ScalarSelect[int]:
    """Return the number of somebody's latest consent, in force or not, within another statement."""
    given = aliased(Consent)
    return (
        select(func.max(given.id))
        .where(given.participant == participant)
        .correlate_except(given)
        .scalar_subquery()
    )


def clauses(consent: Consent) -> dict[str, bool]:
    """Return what was agreed to, clause by clause."""
    return {name: bool(getattr(consent, name)) for name in CLAUSES}


def consent_copy(view: StudyView) -> dict[str, datetime | int | str | bool]:
    """Return a participant's own copy of what they agreed to."""
    consent = view.consent
    if consent is None:
        return {}
    return {
        "study": view.study.title,
        "version": view.consent_version or 0,
        "given_at": consent.given_at,
        "text": view.agreed_text,
        **clauses(consent),
    }
