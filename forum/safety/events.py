"""What happens for safety's sake: ids, never words."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PostCrisisDetected:
    """A post seems to speak of danger to its author; `kind` is self_harm. For moderators alone."""

    post_id: int
    thread_id: int
    group_id: int
    author_id: int
    kind: str
    at: datetime


@dataclass(frozen=True)
class RoomMessageCrisisDetected:
    """What somebody said in a meeting seems to speak of danger to them. For moderators alone."""

    message_id: int
    meeting_id: int
    group_id: int
    author_id: int
    kind: str
    at: datetime


@dataclass(frozen=True)
class PrivateNoteCrisisDetected:
    """A word that somebody said on a room's private line seems to speak of danger to them.

    For moderators alone.
    """

    note_id: int
    meeting_id: int
    group_id: int
    author_id: int
    kind: str
    at: datetime


@dataclass(frozen=True)
class CareMessageSent:
    """A moderator wrote to a person in it; `post_id` says about what."""

    care_message_id: int
    group_id: int
    account_id: int
    author_id: int
    post_id: int | None
    at: datetime


@dataclass(frozen=True)
class CareMessageAnswered:
    """The person has answered; `author_id` wrote the note, unless they are gone."""

    care_message_id: int
    group_id: int
    account_id: int
    author_id: int | None
    at: datetime


@dataclass(frozen=True)
class CareMessageClosed:
    """The group's moderators need no answer to the note any longer."""

    care_message_id: int
    group_id: int
    account_id: int
    by_id: int
    at: datetime
