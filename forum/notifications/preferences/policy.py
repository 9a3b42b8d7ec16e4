"""What somebody has chosen, as conditions: how often they are told of something on a channel."""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, bindparam, func, literal, not_, select

from forum.accounts.policy import ViewerId, row_exists
from forum.core import clock
from forum.core.db import UtcDateTime
from forum.notifications.notification_choices import AT_ONCE, Choice
from forum.notifications.preferences.models import NotificationChoice, NotificationSettings


def frequency(account_id: ViewerId, choice: Choice, channel: str) -> SQLColumnExpression[Any]:
    """How often this account is told of these things on this channel."""
    chosen = select(NotificationChoice.frequency).where(
        NotificationChoice.account_id == account_id,
        NotificationChoice.choice == choice.name,
        NotificationChoice.channel == channel,
    )
    chosen = chosen.correlate_except(NotificationChoice)
    return func.coalesce(chosen.scalar_subquery(), literal(choice.defaults[channel]))


def is_on_break(account_id: ViewerId) -> ColumnElement[bool]:
    """Condition: this account wants to be told nothing at all for now."""
    this_moment = bindparam(None, type_=UtcDateTime, callable_=clock.now, unique=True)
    return row_exists(
        NotificationSettings,
        NotificationSettings.account_id == account_id,
        NotificationSettings.break_until > this_moment,
    )


def wants_at_once(account_id: ViewerId, choice: Choice, channel: str) -> ColumnElement[bool]:
    """Condition: this account wants to be told of these things on this channel as they happen.

    Quiet hours only postpone, so they are not asked here.
    """
    wants = frequency(account_id, choice, channel) == AT_ONCE
    return wants if choice.pressing else wants & not_(is_on_break(account_id))
