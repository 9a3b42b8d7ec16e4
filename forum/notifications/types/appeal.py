"""Appeals: one waits for those who may look at the action again; it has been answered."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, select

from forum.accounts.policy import ViewerId
from forum.groups.models import Group
from forum.moderation import policy
from forum.moderation.events import ObjectionAnswered, ObjectionMade
from forum.moderation.models import LogRow, Objection
from forum.moderation.second_approval import approvers
from forum.notifications import broadcasts
from forum.notifications.registry import NotificationType
from forum.notifications.titles import group_of
from forum.notifications.types.moderation_action import may_see_action


def _may_answer(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    appeal = (
        select(LogRow.id)
        .join(Objection, Objection.log_id == LogRow.id)
        .outerjoin(Group, Group.id == LogRow.group_id)
        .where(LogRow.id == about_id, policy.decides_objection(account_id))
        .correlate_except(LogRow, Objection, Group)
    )
    return appeal.exists()


def _approvers(event: ObjectionMade) -> Iterable[int]:
    return approvers.who_decides_objection(event.log_id)


def _author(event: ObjectionAnswered) -> Iterable[int | None]:
    return [event.person_id]


def _show_to_approvers(event: ObjectionMade | ObjectionAnswered) -> None:
    broadcasts.show_about(WAITING.name, event.log_id)


WAITING = NotificationType(
    name="objection_waits",
    text="Somebody in {title} asks for another look at what was done",
    address="/moderation/log#objection-{id}",
    icon="shield-check",
    title=group_of(LogRow),
    visible=_may_answer,
    about="log_id",
    sent_on={ObjectionMade: _approvers},
    badge_on={ObjectionMade: _show_to_approvers, ObjectionAnswered: _show_to_approvers},
)
ANSWERED = NotificationType(
    name="objection",
    text="Somebody else has looked at your objection",
    address="/moderation/mine#act-{id}",
    icon="shield-check",
    visible=may_see_action,
    about="log_id",
    sent_on={ObjectionAnswered: _author},
)
