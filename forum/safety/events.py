"""What happens for safety's sake: ids, never words."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class RiskSpotted:
    """A post seems to speak of danger to its author; `kind` is self_harm. For moderators alone."""

    post_id: int
    thread_id: int
    group_id: int
    author_id: int
    kind: str
    at: datetime


@dataclass(frozen=True)
class RoomRiskSpotted:
    """What somebody said in a meeting seems to speak of danger to them. For moderators alone."""

    message_id: int
    meeting_id: int
    group_id: int
    author_id: int
    kind: str
    at: datetime


@dataclass(frozen=True)
class PrivateRiskSpotted:
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
class CareNoteWritten:
    """Somebody who looks after a group wrote to a person in it; `post_id` says about what."""

    note_id: int
    group_id: int
    account_id: int
    author_id: int
    post_id: int | None
    at: datetime


@dataclass(frozen=True)
class CareNoteAnswered:
    """The person has answered; `author_id` wrote the note, unless they are gone."""

    note_id: int
    group_id: int
    account_id: int
    author_id: int | None
    at: datetime


@dataclass(frozen=True)
class CareNoteClosed:
    """Those who look after the group need no answer to the note any longer."""

    note_id: int
    group_id: int
    account_id: int
    by_id: int
    at: datetime
