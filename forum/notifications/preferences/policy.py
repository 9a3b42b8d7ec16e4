"""What somebody has chosen, as conditions: how often they are told of something on a channel."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    case,
    false,
    func,
    literal,
    not_,
    or_,
    select,
)

from forum.accounts.policy import ViewerId, row_exists
from forum.core.db import this_moment
from forum.groups.models import Membership
from forum.groups.policy import MODERATING_ROLES
from forum.notifications.notification_choices import AT_ONCE, IN_APP, NEVER, Choice
from forum.notifications.preferences.models import (
    ALL,
    MINE,
    NOTHING,
    GroupWatch,
    NotificationChoice,
    NotificationSettings,
)
from forum.notifications.registry import names_by_choice


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
    return row_exists(
        NotificationSettings,
        NotificationSettings.account_id == account_id,
        NotificationSettings.break_until > this_moment(),
    )


def wants_at_once(account_id: ViewerId, choice: Choice, channel: str) -> ColumnElement[bool]:
    """Condition: this account wants to be told of these things on this channel as they happen.

    Quiet hours only postpone, so they are not asked here.
    """
    wants = frequency(account_id, choice, channel) == AT_ONCE
    return wants if choice.pressing else wants & not_(is_on_break(account_id))


def is_listed(told: Any) -> ColumnElement[bool]:
    """Condition on a notification: its reader has not chosen to do without its kind in the list."""
    unwanted = (
        and_(NotificationChoice.choice == choice.name, _is_any(told.type, names))
        for choice, names in names_by_choice().items()
        if choice.offered_on(IN_APP)
    )
    never_listed = row_exists(
        NotificationChoice,
        NotificationChoice.account_id == told.account_id,
        NotificationChoice.channel == IN_APP,
        NotificationChoice.frequency == NEVER,
        or_(false(), *unwanted),
    )
    return not_(never_listed)


def is_counted(told: Any) -> ColumnElement[bool]:
    """Condition on a notification: it counts in the badge, which shows nothing in a break.

    What is pressing does.
    """
    pressing = [
        name for choice, names in names_by_choice().items() if choice.pressing for name in names
    ]
    presses = _is_any(told.type, pressing)
    return and_(is_listed(told), or_(presses, not_(is_on_break(told.account_id))))


def watch_level() -> SQLColumnExpression[Any]:
    """Of what in its group the account of a Membership is told; who moderates it, of all."""
    chosen = select(GroupWatch.level).where(
        GroupWatch.account_id == Membership.account_id, GroupWatch.group_id == Membership.group_id
    )
    chosen = chosen.correlate_except(GroupWatch)
    by_role = case((Membership.role.in_(MODERATING_ROLES), literal(ALL)), else_=literal(MINE))
    return func.coalesce(chosen.scalar_subquery(), by_role)


def watches_all(account_id: ViewerId, group_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Condition: this account wants to be told of all that is new in this group."""
    return row_exists(
        Membership,
        Membership.account_id == account_id,
        Membership.group_id == group_id,
        watch_level() == ALL,
    )


def heeds(account_id: ViewerId, group_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Condition: this account wants to be told of what is new in threads that it follows there."""
    return not_(ignores(account_id, group_id))


def ignores(account_id: ViewerId, group_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Condition: this account wants to be told nothing of the threads of this group."""
    return row_exists(
        GroupWatch,
        GroupWatch.account_id == account_id,
        GroupWatch.group_id == group_id,
        GroupWatch.level == NOTHING,
    )


def _is_any(type_: SQLColumnExpression[str], names: Iterable[str]) -> ColumnElement[bool]:
    return or_(false(), *(type_ == name for name in names))
