"""What happens in a meeting's room: ids and measures, never text."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class RoomMessageSent:
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
class AttendeeModerated:
    """Facilitators muted, unmuted, removed or let back in one person in one room."""

    meeting_id: int
    group_id: int
    account_id: int
    by_id: int
    how: str
    at: datetime


@dataclass(frozen=True)
class TranscriptDeleted:
    """What was said in a meeting has been deleted for good."""

    meeting_id: int
    at: datetime


@dataclass(frozen=True)
class PrivateNoteSent:
    """A private note was written between one person and facilitators."""

    note_id: int
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
