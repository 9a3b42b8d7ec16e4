"""What can come of a push message, and in plain words why; nothing says whom it was for."""

from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TypeAlias

from forum.core import clock


@dataclass(frozen=True)
class Taken:
    """The push service has taken it."""


@dataclass(frozen=True)
class Later:
    """It may go well later, not before `after` where the service has said so."""

    reason: str
    after: timedelta | None = None


@dataclass(frozen=True)
class Expired:
    """There is no such device any more: it was switched off, or its browser has forgotten it."""

    reason: str = "The device takes no messages any more."


@dataclass(frozen=True)
class Refused:
    """The service will never take this one message; no device is to blame."""

    reason: str


Outcome: TypeAlias = Taken | Later | Expired | Refused

AWAY = "The push service cannot be reached."
TOO_SLOW = "The push service took too long to answer."
UNTRUSTED = "The certificate of the push service does not hold."
INSIDE = "The address of the push service leads into this machine's own network."
ELSEWHERE = "FORUM_PUSH_SERVICES does not name the push service."
NOT_OURS = (
    "The push service refused the forum's key. Is this machine's clock right, and FORUM_ORIGINS "
    "set to its https:// address?"
)
TOO_MANY = "The push service wants fewer messages for now."
TROUBLED = "The push service has a problem."
NOT_TAKEN = "The push service did not take the message."
_TAKEN, _GONE, _NOT_OURS, _TOO_MANY = {200, 201, 202, 204}, {404, 410}, {401, 403}, 429
_NEVER = {400, 413}


def of(status: int, retry_after: str = "") -> Outcome:
    """Return what an answer means. Nobody follows one that leads elsewhere."""
    if status in _TAKEN:
        return Taken()
    if status in _GONE:
        return Expired()
    if status in _NEVER:
        return Refused(NOT_TAKEN)
    if status in _NOT_OURS:
        return Later(NOT_OURS)
    reason = TOO_MANY if status == _TOO_MANY else TROUBLED if status >= 500 else NOT_TAKEN
    return Later(reason, _wait(retry_after))


def _wait(retry_after: str) -> timedelta | None:
    """Return how long the service asks to be left alone: in seconds, or until a date."""
    given = retry_after.strip()
    if given.isascii() and given.isdigit() and len(given) < 8:
        return timedelta(seconds=int(given))
    try:
        return max(parsedate_to_datetime(given) - clock.now(), timedelta())
    except (TypeError, ValueError):
        return None
