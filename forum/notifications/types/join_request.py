"""A request to join a group was answered: who asked is notified, kindly where it was declined.

Why it was declined nobody says, as moderators give no reason.
"""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, select

from forum.accounts.policy import ViewerId, row_exists
from forum.core.db import current_session
from forum.core.translation import lazy
from forum.groups import policy as groups
from forum.groups.events import JoinRequestAnswered
from forum.groups.models import Group
from forum.notifications.notification_choices import DECISIONS, DIRECT
from forum.notifications.registry import NotificationType
from forum.notifications.service import notify, withdraw

_NAMES = ("join_accepted", "join_declined")


def _name(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    name = select(Group.name).where(Group.id == about_id)
    return name.correlate_except(Group).scalar_subquery()


def _belongs(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return row_exists(Group, Group.id == about_id, groups.belongs(account_id))


def _may_know(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return row_exists(Group, Group.id == about_id, groups.visible_to(account_id))


def _address(group_id: int) -> str:
    slug = current_session().scalar(select(Group.slug).where(Group.id == group_id))
    return f"/groups/{slug}" if slug else "/groups"


def _notify(event: JoinRequestAnswered) -> None:
    """Notify who asked; what was answered before no longer counts."""
    withdraw(_NAMES, event.group_id, event.account_id)
    answer = ACCEPTED if event.accepted else DECLINED
    notify(answer, [event.account_id], event.group_id, event.at)


ACCEPTED = NotificationType(
    name="join_accepted",
    choice=DECISIONS,
    urgency=DIRECT,
    text=lazy("You're now a member of “%(title)s”. Welcome"),
    outside=lazy("Your request to join a group was accepted. Welcome."),
    address=_address,
    icon="heart-handshake",
    title=_name,
    visible=_belongs,
    about="group_id",
    handled_on={JoinRequestAnswered: _notify},
)
DECLINED = NotificationType(
    name="join_declined",
    choice=DECISIONS,
    text=lazy("“%(title)s” can't take you in at the moment. Other groups may suit you, too"),
    outside=lazy("Your request to join a group was answered."),
    address="/groups",
    icon="heart-handshake",
    title=_name,
    visible=_may_know,
    about="group_id",
)
