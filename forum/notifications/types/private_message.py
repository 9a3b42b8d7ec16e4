"""Something new in a private conversation: one line, however much comes before it is read.

It names nobody and says nothing: who looks over a shoulder, or into a mailbox, learns no more than
that there is something.
"""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, select

from forum.accounts.policy import ViewerId, row_exists
from forum.core.db import current_session, transaction
from forum.core.events import announce
from forum.core.translation import lazy
from forum.core.web import private_ids
from forum.messages import policy
from forum.messages.events import ConversationRead, PrivateMessageSent
from forum.messages.models import Conversation, Participant
from forum.notifications import read_state, service
from forum.notifications.events import NotificationsRead
from forum.notifications.models import Notification
from forum.notifications.notification_choices import DIRECT, PRIVATE_MESSAGES
from forum.notifications.registry import NotificationType


def is_heard(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Condition: the account sees the conversation, and wants to be told of it."""
    heard = row_exists(
        Participant,
        Participant.conversation_id == Conversation.id,
        Participant.account_id == account_id,
        Participant.muted.is_(False),
    )
    return row_exists(
        Conversation, Conversation.id == about_id, policy.visible_to(account_id), heard
    )


def notify_of_message(event: PrivateMessageSent) -> None:
    """Notify the other of a message, unless they have an unread line about the conversation."""
    if event.is_request or event.to_id is None or not service.is_recent(event.at):
        return
    unread = _unread_lines(event.to_id, event.conversation_id)
    if current_session().scalar(select(exists().where(*unread))):
        return
    with transaction():
        service.withdraw((TYPE.name,), event.conversation_id, event.to_id)
        service.notify(TYPE, [event.to_id], event.conversation_id, event.at)


def _read(event: ConversationRead) -> None:
    unread = _unread_lines(event.account_id, event.conversation_id, TYPE.name, "message_request")
    if current_session().scalar(select(exists().where(*unread))):
        read_state.mark_read(event.account_id, *unread)
        announce(NotificationsRead(event.account_id, event.at))


def _unread_lines(
    account_id: int, conversation_id: int, *names: str
) -> tuple[ColumnElement[bool], ...]:
    return (
        Notification.account_id == account_id,
        Notification.type.in_(names or (TYPE.name,)),
        Notification.about_id == conversation_id,
        Notification.read_at.is_(None),
    )


TYPE = NotificationType(
    name="private_message",
    choice=PRIVATE_MESSAGES,
    urgency=DIRECT,
    text=lazy("You have a new private message"),
    outside=lazy("You have a new private message."),
    address=lambda conversation_id: f"/messages/{private_ids.of(conversation_id)}",
    icon="message-circle",
    of_messages=True,
    visible=is_heard,
    about="conversation_id",
    handled_on={PrivateMessageSent: notify_of_message, ConversationRead: _read},
)
