"""What happens to meetings as a whole: due soon, open, moved, cancelled, in another state."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class MeetingAhead:
    """A meeting begins in about a day; announced once for each."""

    meeting_id: int
    group_id: int
    at: datetime


@dataclass(frozen=True)
class MeetingSoon:
    """A meeting begins within a quarter of an hour; announced once for each."""

    meeting_id: int
    group_id: int
    at: datetime


@dataclass(frozen=True)
class MeetingOpened:
    """A facilitator has opened a planned meeting's room; announced once for each."""

    meeting_id: int
    group_id: int
    by_id: int
    at: datetime


@dataclass(frozen=True)
class DropInOpened:
    """A facilitator has opened a room that was not planned."""

    meeting_id: int
    group_id: int
    by_id: int
    at: datetime


@dataclass(frozen=True)
class MeetingMoved:
    """A scheduled meeting begins at another time than was said, as its series was changed."""

    meeting_id: int
    group_id: int
    by_id: int
    at: datetime


@dataclass(frozen=True)
class MeetingCancelled:
    """A scheduled meeting will not take place. With `in_series`, others have changed with it."""

    meeting_id: int
    group_id: int
    by_id: int
    in_series: bool
    at: datetime


@dataclass(frozen=True)
class SeriesMoved:
    """A series meets at other times than was said, of which `meeting_id` is the next."""

    meeting_id: int
    series_id: int
    by_id: int
    at: datetime


@dataclass(frozen=True)
class SeriesCancelled:
    """A series meets no more; `meeting_id` would have been next."""

    meeting_id: int
    series_id: int
    by_id: int
    at: datetime


@dataclass(frozen=True)
class MeetingStateChanged:
    """A meeting came into another state, or its room got other rules (then `state` is the same)."""

    meeting_id: int
    group_id: int
    state: str
    because: str
    at: datetime


@dataclass(frozen=True)
class CoverNeeded:
    """Nobody is to facilitate a planned meeting; `by_id` has just said that they can't come."""

    meeting_id: int
    group_id: int
    by_id: int | None
    at: datetime


@dataclass(frozen=True)
class MeetingUncovered:
    """A meeting begins within two hours, and nobody is to facilitate it."""

    meeting_id: int
    group_id: int
    at: datetime


@dataclass(frozen=True)
class MeetingCovered:
    """Somebody facilitates a meeting after all, of which members were told that nobody does."""

    meeting_id: int
    group_id: int
    at: datetime
