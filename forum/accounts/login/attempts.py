"""How often a password or a recovery code may be tried: guessing ends, and no guesser locks the
owner out.

Tries are counted for the account that is tried, however its handle is typed, and for where they
come from. A guesser uses up what is allowed from there, and then what is allowed from anywhere. A
device on which the owner has logged in before keeps a budget of its own all the same (OWASP's
"device cookies"), and so, much smaller, does each place from which nobody has guessed.
"""

from forum.accounts import queries
from forum.accounts.identity import handles, public_ids
from forum.accounts.login import devices
from forum.core.errors import TooMany
from forum.core.web import rate_limits

FROM_ONE_PLACE = "10 per 15 minutes"
FROM_ANYWHERE = "100 per hour"
FROM_ANOTHER_PLACE = "3 per hour"
FROM_OTHER_PLACES = "1000 per day"
# Of one household, whatever the account: many may live or learn there, and all forget passwords.
AT_ALL = "120 per 5 minutes"
WRONG = "60 per 15 minutes; 1000 per day"


def count_attempt(handle: str) -> None:
    """Count one try at an account by this client. Raises TooMany."""
    whose, here = attempt_key(handle), rate_limits.household()
    device = devices.known_device(whose)
    if device:
        allowed = rate_limits.has_room(FROM_ONE_PLACE, "try", whose, device)
    else:
        allowed = rate_limits.has_room(FROM_ONE_PLACE, "try", whose, here) and (
            rate_limits.has_room(FROM_ANYWHERE, "try", whose) or _has_reserve(whose, here)
        )
    if not allowed:
        raise TooMany


def attempt_key(handle: str) -> str:
    """Return for which account a try counts, the same for every way to type its handle."""
    key = handles.key_of(handle)
    if key is None:
        return rate_limits.household()
    # Where there is no such account, tries are counted all the same: nothing tells the difference.
    public_id = queries.public_id_of(handle)
    return public_ids.digest(public_id) if public_id else handles.digest(key)


def _has_reserve(whose: str, here: str) -> bool:
    return rate_limits.has_room(
        FROM_ANOTHER_PLACE, "reserve", whose, here
    ) and rate_limits.has_room(FROM_OTHER_PLACES, "reserve", whose)
