"""Care messages: moderators have written to a member, and the member has answered."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, select

from forum.accounts.policy import ViewerId, row_exists
from forum.core.translation import lazy
from forum.core.web import private_ids
from forum.groups.models import Group
from forum.moderation.on_call import recipients as on_call_recipients
from forum.notifications.notification_choices import DIRECT, DUTIES, MESSAGES
from forum.notifications.registry import NotificationType
from forum.safety import policy
from forum.safety.events import CareMessageAnswered, CareMessageSent
from forum.safety.models import CareMessage


def _group(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return (
        select(Group.name)
        .join(CareMessage, CareMessage.group_id == Group.id)
        .where(CareMessage.id == about_id)
        .scalar_subquery()
    )


def _is_visible(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    may_see = policy.care_message_visible_to(account_id)
    its_group = row_exists(Group, Group.id == CareMessage.group_id, may_see)
    return row_exists(CareMessage, CareMessage.id == about_id, its_group)


def _addressee(event: CareMessageSent) -> Iterable[int]:
    return [event.account_id]


def _author(event: CareMessageAnswered) -> Iterable[int | None]:
    return [event.author_id]


def _team(event: CareMessageAnswered) -> Iterable[int]:
    """Return who hears of a reply in place of an author who moderates the group no longer.

    Who answers a moderator may be in danger: those on call hear of it, else all moderators.
    """
    if on_call_recipients.moderates_group(event.author_id, event.group_id):
        return []
    team = on_call_recipients.moderators_to_tell(event.group_id)
    return [account_id for account_id in team if account_id != event.account_id]


SENT = NotificationType(
    name="care_message",
    choice=MESSAGES,
    urgency=DIRECT,
    text=lazy("A moderator of %(title)s has written to you"),
    outside=lazy("Moderators have written to you."),
    address=lambda note_id: f"/safety/notes/{private_ids.of(note_id)}",
    icon="heart-handshake",
    title=_group,
    visible=_is_visible,
    about="care_message_id",
    sent_on={CareMessageSent: _addressee},
)
ANSWERED = NotificationType(
    name="care_message_answered",
    choice=MESSAGES,
    urgency=DIRECT,
    text=lazy("Someone in %(title)s has replied to your message"),
    outside=lazy("Someone has replied to your message."),
    address=lambda note_id: f"/safety/notes/{private_ids.of(note_id)}",
    icon="heart-handshake",
    title=_group,
    visible=_is_visible,
    about="care_message_id",
    replaces=("care_message_answered",),  # who writes back again is heard again
    sent_on={CareMessageAnswered: _author},
)
ANSWERED_TO_TEAM = NotificationType(
    name="care_reply_to_team",
    choice=DUTIES,
    urgency=DIRECT,
    text=lazy("Someone in %(title)s has replied to a moderator who is no longer there"),
    outside=lazy("Someone has replied to a moderator who is no longer there."),
    address=lambda note_id: f"/safety/notes/{private_ids.of(note_id)}",
    icon="heart-handshake",
    title=_group,
    visible=_is_visible,
    about="care_message_id",
    replaces=("care_reply_to_team",),
    sent_on={CareMessageAnswered: _team},
)
