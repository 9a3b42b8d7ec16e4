"""When each step is due: set by the operator, kept with each step from then on."""

from datetime import datetime, timedelta

from forum.moderation.crisis_calls.models import ADMINISTRATORS, AGAIN, MODERATORS, ON_CALL

_minutes = {ON_CALL: 0, AGAIN: 5, MODERATORS: 10, ADMINISTRATORS: 15}


def init(minutes: tuple[int, int, int]) -> None:
    """Call again, all moderators, and administrators, after so many minutes."""
    _minutes.update(zip((AGAIN, MODERATORS, ADMINISTRATORS), minutes, strict=True))


def due_times(start: datetime) -> dict[int, datetime]:
    """Return when each step is due that has not been made at the start."""
    return {
        step: start + timedelta(minutes=minutes)
        for step, minutes in _minutes.items()
        if step != ON_CALL
    }
