"""An action that needs a second person: it waits for one, and what came of it."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, select

from forum.accounts.policy import ViewerId
from forum.core.translation import lazy
from forum.groups.models import Group
from forum.moderation.actions import log_entries
from forum.moderation.audit_log import policy as log_policy
from forum.moderation.events import PendingActionClosed, SecondApprovalRequested
from forum.moderation.models import AuditLogEntry, PendingAction
from forum.moderation.second_approval import approvers
from forum.moderation.second_approval import policy as approval_policy
from forum.notifications import broadcasts
from forum.notifications.notification_choices import DUTIES
from forum.notifications.registry import NotificationType
from forum.notifications.titles import group_of


def _may_decide(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    pending = (
        select(PendingAction.id)
        .outerjoin(Group, Group.id == PendingAction.group_id)
        .where(PendingAction.id == about_id, approval_policy.may_answer_pending(account_id))
        .correlate_except(PendingAction, Group)
    )
    return pending.exists()


def _may_see_outcome(
    account_id: ViewerId, about_id: SQLColumnExpression[Any]
) -> ColumnElement[bool]:
    row = (
        select(AuditLogEntry.id)
        .outerjoin(Group, Group.id == AuditLogEntry.group_id)
        .where(
            AuditLogEntry.id == about_id,
            AuditLogEntry.by_id == account_id,
            log_policy.sees_log(account_id),
        )
        .correlate_except(AuditLogEntry, Group)
    )
    return row.exists()


def _approvers(event: SecondApprovalRequested) -> Iterable[int]:
    return approvers.accounts_that_may_approve(event.pending_action_id)


def _show_to_approvers(event: SecondApprovalRequested | PendingActionClosed) -> None:
    broadcasts.show_about(WAITING.name, event.pending_action_id)


def _proposer_when(outcome: str) -> Callable[[PendingActionClosed], Iterable[int | None]]:
    return lambda event: [event.by_id] if event.outcome == outcome else []


def _outcome(name: str, outcome: str, text: str, outside: str) -> NotificationType:
    return NotificationType(
        name=name,
        choice=DUTIES,
        text=text,
        outside=outside,
        address="/moderation/log#action-{id}",
        icon="shield-check",
        title=group_of(AuditLogEntry),
        visible=_may_see_outcome,
        about="log_entry_id",
        sent_on={PendingActionClosed: _proposer_when(outcome)},
    )


WAITING = NotificationType(
    name="approval_needed",
    choice=DUTIES,
    text=lazy("An action in %(title)s needs a second moderator to approve it"),
    outside=lazy("An action needs a second moderator to confirm it."),
    address="/moderation/log#pending-action-{id}",
    icon="shield-check",
    title=group_of(PendingAction),
    visible=_may_decide,
    about="pending_action_id",
    sent_on={SecondApprovalRequested: _approvers},
    badge_on={SecondApprovalRequested: _show_to_approvers, PendingActionClosed: _show_to_approvers},
)
OUTCOMES = (
    _outcome(
        "action_approved",
        log_entries.APPROVED,
        lazy("The action you proposed in %(title)s was approved and is done"),
        lazy("The action you proposed was confirmed and is done."),
    ),
    _outcome(
        "action_declined",
        log_entries.DECLINED,
        lazy("The action you proposed in %(title)s was declined and is not done"),
        lazy("The action you proposed was declined and is not done."),
    ),
    _outcome(
        "action_lapsed",
        log_entries.EXPIRED,
        lazy("Nobody answered the action you proposed in %(title)s for 14 days, so it has lapsed"),
        lazy("Nobody answered the action you proposed for 14 days, so it has lapsed."),
    ),
)
