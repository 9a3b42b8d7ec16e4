"""What happens in a meeting's room: ids and measures, never text."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class MeetingStateChanged:
    """A meeting came into another state, or its room got other rules (then `state` is the same)."""

    meeting_id: int
    group_id: int
    state: str
    because: str
    at: datetime


@dataclass(frozen=True)
class RoomMessageSaid:
    """Somebody said something in a meeting."""

    message_id: int
    meeting_id: int
    group_id: int
    author_id: int
    words: int
    at: datetime


@dataclass(frozen=True)
class RoomMessageChanged:
    """A message is hidden, restored, deleted or erased now."""

    message_id: int
    meeting_id: int
    group_id: int
    by_id: int | None
    how: str
    at: datetime


@dataclass(frozen=True)
class RoomPeopleChanged:
    """Somebody came, went, raised a hand or was given the turn."""

    meeting_id: int


@dataclass(frozen=True)
class RoomPersonActedOn:
    """Those who facilitate muted, unmuted, removed or let back in one person in one room."""

    meeting_id: int
    group_id: int
    account_id: int
    by_id: int
    how: str
    at: datetime


@dataclass(frozen=True)
class RoomWordsVanished:
    """What was said in a meeting has been deleted for good."""

    meeting_id: int
    at: datetime


@dataclass(frozen=True)
class RoomWordSaid:
    """A word was said on the private line between one person and those who facilitate."""

    word_id: int
    meeting_id: int
    group_id: int
    about_id: int
    author_id: int
    at: datetime


@dataclass(frozen=True)
class MeetingAttended:
    """Somebody's part in a meeting that is over now: from when to when, and how much.

    `minutes` are those in which they were there, with gaps of a lost line up to two minutes.
    """

    meeting_id: int
    group_id: int
    account_id: int
    joined_at: datetime
    left_at: datetime
    minutes: float
    turns: int
    words: int
    at: datetime
