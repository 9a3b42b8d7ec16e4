"""A group leaves a study.

What was given until then stays: the consent is each person's own, not the group's, and whoever
would rather not leave it there withdraws and has it erased, as at any time.
"""

from sqlalchemy import exists, select

from forum.core import clock
from forum.core.db import reading, transaction
from forum.core.errors import NotFound
from forum.core.events import announce
from forum.groups.models import Membership
from forum.notifications import broadcasts as live
from forum.notifications import recipients
from forum.notifications.service import tell, tell_no_more
from forum.notifications.types import STUDY_LEFT
from forum.research.events import GroupLeftStudy
from forum.research.models import Consent, Participant, StudyGroup


def leave(study_id: int, group_id: int) -> None:
    """Record nothing more for a study of what is done in a group, and ask nobody there.

    Harmless when the group has left. Raises NotFound for a group in which the study never was.
    """
    with transaction() as session:
        place = session.get(StudyGroup, (study_id, group_id), with_for_update=True)
        if place is None:
            raise NotFound("This study does not take place in that group.")
        if place.left_at is None:
            place.left_at = clock.now()
            announce(GroupLeftStudy(study_id, group_id, place.left_at))


def tell_participants(event: GroupLeftStudy) -> None:
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
    told = reading().scalars(people).all()
    for account_id in told:  # who has read of another study that it left is told of this one, too
        tell_no_more([STUDY_LEFT], event.group_id, account_id)
    tell(told, STUDY_LEFT, event.group_id, event.at)


def show_badge(event: GroupLeftStudy) -> None:
    """Show it at once to those who were told."""
    live.show_to(recipients.told_about(STUDY_LEFT, event.group_id))
