"""A group leaves a study.

What was given until then stays: the consent is each person's own, not the group's, and a person who
would rather not leave it there withdraws and has it erased, as at any time.
"""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, select

from forum.accounts.policy import ViewerId, row_exists
from forum.core import clock
from forum.core.db import current_session, transaction
from forum.core.errors import NotFound
from forum.core.events import announce
from forum.core.translation import _, lazy
from forum.groups.models import Group, Membership
from forum.notifications.notification_choices import STUDIES
from forum.notifications.registry import NotificationType
from forum.notifications.service import notify, withdraw
from forum.research.events import GroupLeftStudy
from forum.research.models import Consent, Participant, StudyGroup


def withdraw_group(study_id: int, group_id: int) -> None:
    """Record nothing more for a study of what is done in a group, and ask nobody there.

    Harmless when the group has left. Raises NotFound for a group in which the study never was.
    """
    with transaction() as session:
        place = session.get(StudyGroup, (study_id, group_id), with_for_update=True)
        if place is None:
            raise NotFound(_("This study doesn't take place in that group."))
        if place.left_at is None:
            place.left_at = clock.now()
            announce(GroupLeftStudy(study_id, group_id, place.left_at))


def notify_participants(event: GroupLeftStudy) -> None:
    """Tell those in the group who take part in the study, and nobody else."""
    agrees = exists().where(
        Consent.participant == Participant.key, Consent.ended_at.is_(None), Consent.record
    )
    people = (
        select(Membership.account_id)
        .join(Participant, Participant.account_id == Membership.account_id)
        .where(
            Membership.group_id == event.group_id, Participant.study_id == event.study_id, agrees
        )
    )
    told = current_session().scalars(people).all()
    for account_id in told:  # a reader of an earlier such notification gets this one, too
        withdraw([GROUP_LEFT.name], event.group_id, account_id)
    notify(GROUP_LEFT, told, event.group_id, event.at)


def _group_name(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    name = select(Group.name).where(Group.id == about_id)
    return name.correlate_except(Group).scalar_subquery()


def _is_member(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return row_exists(
        Membership, Membership.group_id == about_id, Membership.account_id == account_id
    )


GROUP_LEFT = NotificationType(
    name="study_left",
    choice=STUDIES,
    text=lazy(
        "“%(title)s” has left a study you take part in. You can keep or erase what you contributed."
    ),
    outside=lazy("A group has left a study you take part in."),
    address="/account#studies-title",
    icon="heart-handshake",
    title=_group_name,
    visible=_is_member,
    about="group_id",
    handled_on={GroupLeftStudy: notify_participants},
)
