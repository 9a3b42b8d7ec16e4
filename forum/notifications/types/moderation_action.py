"""A moderator did something about a member or what they wrote: the member reads why."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression

from forum.accounts.policy import ViewerId, row_exists
from forum.core.translation import lazy
from forum.core.web import private_ids
from forum.moderation.actions.registry import ACTIONS
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


def _is_by_itself(event: ActionTaken) -> bool:
    return event.action in ACTIONS and ACTIONS[event.action].by_itself


def _person(event: ActionTaken) -> Iterable[int | None]:
    return [] if _is_by_itself(event) else [event.person_id]


def _author(event: ActionTaken) -> Iterable[int | None]:
    return [event.person_id] if _is_by_itself(event) else []


def _address(log_entry_id: int) -> str:
    return f"/moderation/mine#action-{private_ids.of(log_entry_id)}"


ACTION = NotificationType(
    name="moderation_action",
    choice=DECISIONS,
    urgency=DIRECT,
    text=lazy("A moderator has made a decision about your post or account: read what and why"),
    address=_address,
    icon="shield-check",
    visible=may_see_action,
    about="log_entry_id",
    sent_on={ActionTaken: _person},
)

# Nobody has judged the author yet, so nobody says so.
HIDDEN = NotificationType(
    name="hidden_by_reports",
    choice=DECISIONS,
    urgency=DIRECT,
    text=lazy(
        "Several members reported your post, so it's hidden until a moderator has looked at it"
    ),
    outside=lazy("One of your posts is hidden until a moderator has looked at it."),
    address=_address,
    icon="shield-check",
    visible=may_see_action,
    about="log_entry_id",
    sent_on={ActionTaken: _author},
)
