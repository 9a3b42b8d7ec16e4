"""What happens to meetings as a whole: soon, moved, cancelled, in another state."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class MeetingSoon:
    """A meeting begins within a quarter of an hour; announced once for each."""

    meeting_id: int
    group_id: int
    at: datetime


@dataclass(frozen=True)
class MeetingMoved:
    """A scheduled meeting begins at another time than was said."""

    meeting_id: int
    group_id: int
    at: datetime


@dataclass(frozen=True)
class MeetingCancelled:
    """A scheduled meeting will not take place."""

    meeting_id: int
    group_id: int
    at: datetime


@dataclass(frozen=True)
class MeetingStateChanged:
    """A meeting came into another state, or its room got other rules (then `state` is the same)."""

    meeting_id: int
    group_id: int
    state: str
    because: str
    at: datetime
