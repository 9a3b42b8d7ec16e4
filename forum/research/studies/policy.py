"""Who sees a study as those do who run it. Each rule is a condition on `Study`.

Looking after people and studying them do not mix by accident: a researcher who facilitates or
moderates a studied group sees nothing until an administrator has recorded why both is right, no
matter which came first. Nor does a researcher who takes part, until they have stopped.
"""

from sqlalchemy import ColumnElement, and_, exists, not_, or_

from forum.accounts import policy as accounts
from forum.accounts.policy import Viewer, ViewerId, member_id
from forum.core.errors import Forbidden
from forum.core.translation import _
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.research.models import Consent, Participant, Study, StudyGroup
from forum.research.studies.models import Researcher, RoleException


def is_named(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: the study names this person as a researcher."""
    return accounts.row_exists(
        Researcher, Researcher.study_id == Study.id, Researcher.account_id == viewer_id
    )


def has_role_exception(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Study and Group: it is recorded why this researcher may moderate the group."""
    return accounts.row_exists(
        RoleException,
        RoleException.study_id == Study.id,
        RoleException.account_id == viewer_id,
        RoleException.group_id == Group.id,
    )


def has_two_roles(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: the person moderates a studied group, without a recorded reason."""
    both = exists().where(
        StudyGroup.study_id == Study.id,
        StudyGroup.group_id == Group.id,
        groups.moderates(viewer_id),
        not_(has_role_exception(viewer_id)),
    )
    return both.correlate_except(Group, StudyGroup)


def takes_part(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: the person has agreed to take part, and not stopped."""
    agreed = accounts.row_exists(
        Consent, Consent.participant == Participant.key, Consent.ended_at.is_(None)
    )
    return accounts.row_exists(
        Participant, Participant.study_id == Study.id, Participant.account_id == viewer_id, agreed
    )


def seen_by(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: the person sees the study's figures, releases and settings."""
    researches = and_(
        is_named(viewer_id),
        accounts.is_active(viewer_id),
        not_(has_two_roles(viewer_id)),
        not_(takes_part(viewer_id)),
    )
    return or_(accounts.administers(viewer_id), researches)


def require_administrator(by: Viewer | None) -> None:
    """Raise LoginNeeded or Forbidden for anyone but an administrator or the operator (None)."""
    if by is not None:
        member_id(by)
        if not by.is_administrator:
            raise Forbidden(_("Only the forum's administrators can do this."))
