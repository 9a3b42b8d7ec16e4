"""When each step is due: set by the operator, kept with each step from then on."""

from datetime import datetime, timedelta

from forum.moderation.crisis_calls.models import ADMINISTRATORS, AGAIN, MODERATORS, ON_CALL

REPEATED_FOR = timedelta(hours=12)  # from the first step on: a whole night
_minutes = {ON_CALL: 0, AGAIN: 5, MODERATORS: 10, ADMINISTRATORS: 15}
_repeat = timedelta(minutes=30)


def init(minutes: tuple[int, int, int], repeat: int) -> None:
    """Call again, all moderators, and administrators, after so many minutes.

    After that, call everybody again each `repeat` minutes; 0 is never.
    """
    global _repeat
    _minutes.update(zip((AGAIN, MODERATORS, ADMINISTRATORS), minutes, strict=True))
    _repeat = timedelta(minutes=repeat)


def due_times(start: datetime) -> dict[int, datetime]:
    """Return when each step is due that has not been made at the start."""
    return {
        step: start + timedelta(minutes=minutes)
        for step, minutes in _minutes.items()
        if step != ON_CALL
    }


def next_repeat(start: datetime, now: datetime) -> datetime | None:
    """Return when everybody is called again; None once that is over, or where it is turned off."""
    due_at = now + _repeat
    return due_at if _repeat and due_at <= start + REPEATED_FOR else None


def longest_wait() -> timedelta:
    """Return how long a step waits at the most; one that waits longer had a wrong clock."""
    return max(timedelta(minutes=_minutes[ADMINISTRATORS]), _repeat)
