"""How time alone changes a meeting: pure rules, whenever they are asked.

Whether a timer asks every few seconds or a server that was down asks once, a meeting comes
through the same states at the same moments.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from forum.meetings.models import (
    CLOSING,
    DOORS_OPEN,
    OPEN_STATES,
    OVER,
    RUNNING,
    SCHEDULED,
)

DOORS_OPEN_BEFORE = timedelta(minutes=10)
FACILITATOR_AWAY_MAX = timedelta(minutes=5)
CLOSING_TIME = timedelta(minutes=5)

NOT_HELD, NO_FACILITATOR, TIME_UP, CLOSED = "not_held", "no_facilitator", "time_up", "closed"


@dataclass(frozen=True)
class MeetingStatus:
    """The state of a meeting; `because` says why it is closing or over."""

    state: str
    starts_at: datetime
    ends_at: datetime
    facilitator_seen_at: datetime | None = None
    closing_at: datetime | None = None
    because: str = ""


@dataclass(frozen=True)
class Change:
    """A state that a meeting comes into at a moment."""

    at: datetime
    state: str
    because: str = ""


def next_change(phase: MeetingStatus) -> Change | None:
    """Return what time brings next if nobody does anything; None for what stays as it is."""
    if phase.state == SCHEDULED:
        return Change(phase.ends_at, OVER, NOT_HELD)
    if phase.state not in OPEN_STATES:
        return None
    alone_at = (phase.facilitator_seen_at or phase.starts_at) + FACILITATOR_AWAY_MAX
    if phase.state == DOORS_OPEN:
        # Nothing has begun yet, so the doors only close, and may open again.
        return min(
            Change(phase.starts_at, RUNNING), Change(alone_at, SCHEDULED), key=lambda c: c.at
        )
    if phase.state == RUNNING:
        due = Change(phase.ends_at, CLOSING, TIME_UP)
    else:
        due = Change((phase.closing_at or phase.ends_at) + CLOSING_TIME, OVER, phase.because)
    return min(due, Change(alone_at, OVER, NO_FACILITATOR), key=lambda c: c.at)


def apply_change(phase: MeetingStatus, change: Change) -> MeetingStatus:
    """Return the meeting's state after a change."""
    closing_at = change.at if change.state == CLOSING else phase.closing_at
    return replace(phase, state=change.state, because=change.because, closing_at=closing_at)


def changes_until(phase: MeetingStatus, now: datetime) -> tuple[MeetingStatus, list[Change]]:
    """Return a meeting's state at `now`, and all changes on the way there."""
    passed: list[Change] = []
    while (change := next_change(phase)) is not None and change.at <= now:
        phase = apply_change(phase, change)
        passed.append(change)
    return phase, passed


def opening_change(phase: MeetingStatus, now: datetime) -> Change | None:
    """Return what a facilitator opens by coming in at `now`; None if nothing."""
    if phase.state != SCHEDULED or not phase.starts_at - DOORS_OPEN_BEFORE <= now < phase.ends_at:
        return None
    return Change(now, RUNNING if now >= phase.starts_at else DOORS_OPEN)
