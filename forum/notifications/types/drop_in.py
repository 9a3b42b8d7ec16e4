"""A drop-in room is open: who watches all of the group is told, as long as it is.

Whoever mutes or blocks the one who opened it, or is blocked by them, hears nothing of it.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, not_, select

from forum.accounts import policy as accounts
from forum.accounts.policy import ViewerId, row_exists
from forum.core.db import current_session
from forum.core.translation import lazy
from forum.groups.models import Group, Membership
from forum.meetings import policy
from forum.meetings.events import DropInOpened
from forum.meetings.models import OPEN_STATES, Meeting
from forum.notifications import meeting_rows
from forum.notifications.notification_choices import DIRECT, DROP_INS
from forum.notifications.preferences import policy as preferences
from forum.notifications.preferences.models import ALL
from forum.notifications.registry import NotificationType


def _watchers(event: DropInOpened) -> Iterable[int]:
    found = select(Membership.account_id).where(
        Membership.group_id == event.group_id,
        Membership.account_id != event.by_id,
        preferences.watch_level() == ALL,
    )
    return current_session().scalars(found)


def _is_visible(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    its_group = row_exists(
        Group, Group.id == Meeting.group_id, policy.is_in_calendar_of(account_id)
    )
    return row_exists(
        Meeting,
        Meeting.id == about_id,
        its_group,
        not_(accounts.mutes_or_blocks(account_id, Meeting.by_id)),
        not_(accounts.is_blocked_by(account_id, Meeting.by_id)),
    )


def _while_open(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    its_group = preferences.watches_all(account_id, Meeting.group_id)
    is_open = and_(Meeting.id == about_id, Meeting.state.in_(OPEN_STATES))
    return row_exists(Meeting, is_open, its_group)


TYPE = NotificationType(
    name="drop_in",
    choice=DROP_INS,
    urgency=DIRECT,
    text=lazy("“%(title)s” is open now"),
    outside=lazy("A drop-in room is open in a group you watch. You can come in."),
    address="/meetings/{id}",
    icon="users",
    title=meeting_rows.title,
    visible=_is_visible,
    timely=_while_open,
    about="meeting_id",
    sent_on={DropInOpened: _watchers},
)
