"""A moderator did something about a member or what they wrote: the member reads why."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression

from forum.accounts.policy import ViewerId, row_exists
from forum.core.translation import lazy
from forum.core.web import private_ids
from forum.moderation.appeals import policy as appeal_policy
from forum.moderation.events import ActionTaken
from forum.moderation.models import AuditLogEntry
from forum.notifications.notification_choices import DECISIONS, DIRECT
from forum.notifications.registry import NotificationType


def may_see_action(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Condition: the action of this log row concerns the account."""
    return row_exists(
        AuditLogEntry, AuditLogEntry.id == about_id, appeal_policy.concerns(account_id)
    )


def _person(event: ActionTaken) -> Iterable[int | None]:
    return [event.person_id]


ACTION = NotificationType(
    name="moderation_action",
    choice=DECISIONS,
    urgency=DIRECT,
    text=lazy("A moderator has made a decision about your post or account: read what and why"),
    address=lambda log_entry_id: f"/moderation/mine#action-{private_ids.of(log_entry_id)}",
    icon="shield-check",
    visible=may_see_action,
    about="log_entry_id",
    sent_on={ActionTaken: _person},
)
