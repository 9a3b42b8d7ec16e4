"""Somebody in one's groups asks for a private conversation; who it is stands there alone."""

from collections.abc import Iterable

from forum.core.translation import lazy
from forum.core.web import private_ids
from forum.messages.events import MessageRequested, RequestAnswered
from forum.notifications import service
from forum.notifications.notification_choices import DIRECT, PRIVATE_MESSAGES
from forum.notifications.registry import NotificationType
from forum.notifications.types.private_message import is_heard


def _asked(event: MessageRequested) -> Iterable[int]:
    return [event.asked_id]


def _withdraw(event: RequestAnswered) -> None:
    service.withdraw((TYPE.name,), event.conversation_id, event.account_id)


TYPE = NotificationType(
    name="message_request",
    choice=PRIVATE_MESSAGES,
    urgency=DIRECT,
    text=lazy("Someone in your groups would like to write to you"),
    outside=lazy("Someone would like to write to you."),
    address=lambda conversation_id: f"/messages/{private_ids.of(conversation_id)}",
    icon="message-circle",
    of_messages=True,
    visible=is_heard,
    about="conversation_id",
    replaces=("message_request",),
    sent_on={MessageRequested: _asked},
    handled_on={RequestAnswered: _withdraw},
)
