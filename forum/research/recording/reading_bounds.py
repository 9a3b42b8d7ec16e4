"""How much of what a browser says about reading is counted, and where one visit ends.

Nobody can read for longer than time passes: what all pages of a participant say together is at
most the time since the first of them was served, however many of them are open at once.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

SILENCE = timedelta(minutes=30)  # without a page or reading, a visit is over
STEP = timedelta(seconds=30)  # pages opened faster than this need not each move its end
LATE = timedelta(seconds=5)  # the last word of a page that was left may come after the next one's
SET_BACK = timedelta(minutes=1)  # so far ahead is only what was said before a clock was set back


class Seconds(NamedTuple):
    """A length of time, at least and at most."""

    low: float = 0.0
    high: float = 0.0


class VisitState(NamedTuple):
    """A visit as it is now: since when, until when certainly and at most, and what is counted."""

    consent_id: int
    row_id: int
    started_at: datetime
    certain_until: datetime
    possible_until: datetime
    read_until: datetime

    @property
    def length(self) -> Seconds:
        """How long it has lasted."""
        until = (self.certain_until, self.possible_until)
        return Seconds(*((moment - self.started_at).total_seconds() for moment in until))

    def goes_on(self, consent_id: int, at: datetime) -> bool:
        """Whether a sign of reading at `at` belongs to this visit."""
        return (
            self.consent_id == consent_id and self.started_at <= at <= self.possible_until + SILENCE
        )

    def opened(self, at: datetime) -> "VisitState":
        """Return it with another page opened at `at`."""
        return self if at - self.certain_until < STEP else self.seen(at, certainly=True)

    def seen(self, at: datetime, *, certainly: bool) -> "VisitState":
        """Return it with somebody reading until `at`, certainly or perhaps."""
        certain_until = max(at, self.certain_until) if certainly else self.certain_until
        return self._replace(
            certain_until=certain_until, possible_until=max(at, self.possible_until)
        )


def bounded_reading(
    before: Seconds, reported: Seconds, read_until: datetime, served_at: datetime, at: datetime
) -> tuple[Seconds, datetime]:
    """Return what counts of a page's reading that was told at `at`, and until when all counts.

    `said` is the whole of it since the page was `served_at`, and `before` what was counted of it;
    until `read_until` the time of this person has been given to one page or another.
    """
    if read_until - at > SET_BACK:
        read_until = at
    free_from = max(read_until, served_at)
    free_s = max(0.0, (at - free_from).total_seconds())
    more = min(max(0.0, reported.high - before.high), free_s)
    high = before.high + more
    low = min(max(before.low, reported.low), high)
    taken = free_from + timedelta(seconds=more) if more else read_until
    return Seconds(low, high), max(taken, at - LATE)
