"""What happens in private conversations: ids and measures, never text."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class MessageRequested:
    """Somebody asks another person for a conversation, by its first message."""

    conversation_id: int
    asked_by_id: int
    asked_id: int
    at: datetime


@dataclass(frozen=True)
class ConversationChanged:
    """A request was accepted, somebody left, or messages vanish after another time now."""

    conversation_id: int


@dataclass(frozen=True)
class RequestAnswered:
    """Somebody has accepted or declined a request; who asked hears of the first alone."""

    conversation_id: int
    account_id: int


@dataclass(frozen=True)
class PrivateMessageSent:
    """Somebody wrote in a conversation, or asked for one."""

    message_id: int
    conversation_id: int
    author_id: int
    to_id: int | None
    is_request: bool
    at: datetime


@dataclass(frozen=True)
class PrivateMessageChanged:
    """A message was edited, deleted for both, reacted to, renamed or erased."""

    message_id: int
    conversation_id: int
    how: str
    at: datetime


@dataclass(frozen=True)
class MessagesRemoved:
    """Messages are gone: for one person, or have vanished for both (`account_id` is None)."""

    conversation_id: int
    numbers: tuple[int, ...]
    account_id: int | None


@dataclass(frozen=True)
class ConversationRead:
    """Somebody has read a conversation to its end."""

    conversation_id: int
    account_id: int
    at: datetime
