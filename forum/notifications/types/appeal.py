"""Appeals: one waits for moderators who may answer it; it has been answered."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, select

from forum.accounts.policy import ViewerId
from forum.core.translation import lazy
from forum.core.web import private_ids
from forum.groups.models import Group
from forum.moderation.appeals import policy as appeal_policy
from forum.moderation.appeals import queries as appeal_queries
from forum.moderation.events import AppealAnswered, AppealMade
from forum.moderation.models import Appeal, AuditLogEntry
from forum.notifications import broadcasts
from forum.notifications.notification_choices import DECISIONS, DUTIES
from forum.notifications.registry import NotificationType
from forum.notifications.titles import group_of
from forum.notifications.types.moderation_action import may_see_action


def _may_answer(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    appeal = (
        select(AuditLogEntry.id)
        .join(Appeal, Appeal.log_entry_id == AuditLogEntry.id)
        .outerjoin(Group, Group.id == AuditLogEntry.group_id)
        .where(AuditLogEntry.id == about_id, appeal_policy.may_answer_appeal(account_id))
        .correlate_except(AuditLogEntry, Appeal, Group)
    )
    return appeal.exists()


def _approvers(event: AppealMade) -> Iterable[int]:
    return appeal_queries.accounts_that_may_answer_appeal(event.log_entry_id)


def _author(event: AppealAnswered) -> Iterable[int | None]:
    return [event.person_id]


def _show_to_approvers(event: AppealMade | AppealAnswered) -> None:
    broadcasts.show_about(WAITING.name, event.log_entry_id)


WAITING = NotificationType(
    name="appeal_waiting",
    choice=DUTIES,
    text=lazy("Someone in %(title)s has appealed against a moderation action"),
    outside=lazy("Someone has appealed against a moderation action."),
    address="/moderation/log#appeal-{id}",
    icon="shield-check",
    title=group_of(AuditLogEntry),
    visible=_may_answer,
    about="log_entry_id",
    sent_on={AppealMade: _approvers},
    badge_on={AppealMade: _show_to_approvers, AppealAnswered: _show_to_approvers},
)
ANSWERED = NotificationType(
    name="appeal_answered",
    choice=DECISIONS,
    text=lazy("Another moderator has answered your appeal"),
    address=lambda log_entry_id: f"/moderation/mine#action-{private_ids.of(log_entry_id)}",
    icon="shield-check",
    visible=may_see_action,
    about="log_entry_id",
    sent_on={AppealAnswered: _author},
)
