"""When waves are due, open and close, and when a prompt is: by time alone, without a database.

Days are those of the participant's time zone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from forum.core import time_zones
from forum.research.waves.models import INVITATION, REMINDER

WAKING_FROM, WAKING_UNTIL = 10, 20  # hours there, the last one excluded
REMINDED_AFTER_DAYS = (3, 10)  # after the invitation
APART_DAYS = 3  # between two prompts of one wave, should one be late
LAST_SAVE_HOLDS = timedelta(hours=1)
QUIET_AFTER_DANGER = timedelta(hours=72)


@dataclass(frozen=True)
class PlannedWave:
    """One wave of a plan, in days after somebody's day 0."""

    day: int
    opens_before_days: int
    closes_after_days: int


@dataclass(frozen=True)
class Window:
    """The day for which a wave is meant, and between which moments people can answer it."""

    due_on: date
    invited_on: date
    opens_at: datetime
    closes_at: datetime

    def is_open(self, now: datetime, saved_at: datetime | None = None) -> bool:
        """Whether it can be answered; it never closes within an hour of the last saved answer."""
        holds_until = saved_at + LAST_SAVE_HOLDS if saved_at else self.closes_at
        return self.opens_at <= now < max(self.closes_at, holds_until)


@dataclass(frozen=True)
class Prompt:
    """An invitation, or one of the reminders after it."""

    kind: str
    ordinal: int


def windows(day0: datetime, waves: Sequence[PlannedWave], zone: str) -> list[Window]:
    """Return the window of each wave; one closes when the next one opens, at the latest.

    People who have just agreed are led to baseline, so they are only invited to it a day later.
    """
    began_on = time_zones.day_at(day0, zone)
    opens = [
        time_zones.midnight(
            began_on + timedelta(days=max(0, wave.day - wave.opens_before_days)), zone
        )
        for wave in waves
    ]
    found = []
    for place, wave in enumerate(waves):
        due_on = began_on + timedelta(days=wave.day)
        over = time_zones.midnight(due_on + timedelta(days=wave.closes_after_days + 1), zone)
        found.append(
            Window(
                due_on,
                max(due_on, began_on + timedelta(days=1)),
                opens[place],
                min([over, *opens[place + 1 : place + 2]]),
            )
        )
    return found


def next_prompt(
    window: Window, sent: Sequence[datetime], now: datetime, zone: str
) -> Prompt | None:
    """Return what to send of an open wave that is not answered, `sent` being what was, in order.

    None for now, or for good.
    """
    today = time_zones.day_at(now, zone)
    if not window.is_open(now) or not is_waking(now, zone):
        return None
    if not sent:
        return Prompt(INVITATION, 0) if today >= window.invited_on else None
    if len(sent) > len(REMINDED_AFTER_DAYS):
        return None
    after = timedelta(days=REMINDED_AFTER_DAYS[len(sent) - 1])
    earliest = max(
        time_zones.day_at(sent[0], zone) + after,
        time_zones.day_at(sent[-1], zone) + timedelta(days=APART_DAYS),
    )
    return Prompt(REMINDER, len(sent)) if today >= earliest else None


def is_waking(now: datetime, zone: str) -> bool:
    """Whether it is an hour there at which nobody is woken."""
    return WAKING_FROM <= now.astimezone(ZoneInfo(zone)).hour < WAKING_UNTIL
