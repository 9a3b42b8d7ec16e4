"""How often somebody may do something: Flask-Limiter for requests, its library for sockets.

One function, `counted`, says who that somebody is, at every door: the account of a logged-in
person, from however many addresses; the network of a visitor. Many people share one address, so
what is counted by network is wide.
"""

import ipaddress
from collections.abc import Callable

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from forum.core.errors import TooMany
from forum.settings.environment import Settings

# With IPv6 a device has a /64 to itself, and a household or a small office usually a /56.
NETWORK, HOUSEHOLD = 64, 56

SIGN_UP = "40 per hour; 150 per day"
CONFIRMING = "20 per 15 minutes"
POSTING = "30 per 5 minutes; 200 per day"
PREVIEW = "30 per minute"
SMALL_ACTS = "120 per minute"
LOGIN = "200 per 5 minutes"
PASSWORD_TRIES = "20 per hour"  # noqa: S105 - where a logged-in person confirms with it
HANDLE_CHANGES = "5 per day"
REFUSED_ADDRESSES = "3 per day"  # else one could ask for everybody's whether it is suspended
RESET_MAILS = "5 per hour; 10 per day"
LINKS_OF_ACCOUNT, LINKS_TO_MAILBOX = "5 per hour", "3 per day"  # which confirm an address
PUSH_TESTS = "10 per 10 minutes"  # each waits for another server
CALENDAR_FEEDS = "60 per hour"  # of one calendar: services read those of many people
ROOM_MESSAGES = "60 per minute"
FORM_WARNINGS = "60 per minute"
SEARCHES = "40 per minute; 400 per hour"


def client_address() -> str:
    """Return from where a request comes: an address, or with IPv6 the network of one device."""
    return _within(NETWORK)


def household() -> str:
    """Return the same as far as one household goes, for what a visitor tries again and again."""
    return _within(HOUSEHOLD)


def counted() -> str:
    """Return for whom this request or socket event is counted: a person, or a visitor's network."""
    account_id = _account_id()
    return f"network {client_address()}" if account_id is None else f"account {account_id}"


def _nobody() -> int | None:
    return None


limiter = Limiter(key_func=counted)
_here = MovingWindowRateLimiter(MemoryStorage())
_on = True
_account_id: Callable[[], int | None] = _nobody


def init(app: Flask, settings: Settings) -> None:
    """Keep counts in Redis when there is one, and in this process while it is away."""
    global _on
    _on = settings.rate_limits
    app.config.update(
        RATELIMIT_ENABLED=settings.rate_limits,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=bool(settings.redis_url),
        RATELIMIT_STRATEGY="moving-window",
        RATELIMIT_HEADERS_ENABLED=False,
    )
    limiter.init_app(app)


def is_enabled() -> bool:
    """Whether anything is counted (FORUM_RATE_LIMITS)."""
    return _on


def identify_accounts_by(account_id: Callable[[], int | None]) -> None:
    """Ask this from now on for the account that sends a request; None for a visitor."""
    global _account_id
    _account_id = account_id


def hit(limit: str, *who: str) -> None:
    """Count one act by `who` in this process. Raises TooMany above `limit` ("5 per minute")."""
    if _on and not _here.hit(parse(limit), *who):
        raise TooMany


def has_room(limit: str, *who: str) -> bool:
    """Count one act by `who` in all processes, unless that would be more than `limit` allows."""
    return not _on or limiter.limiter.hit(parse(limit), *who)


def _within(prefix: int) -> str:
    address = _without_port(get_remote_address())
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.version == 4:
        return address
    return str(found.ipv4_mapped or ipaddress.ip_network((found, prefix), strict=False))


def _without_port(address: str) -> str:
    """Return an address as it is without the port that some proxies hand on with it."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address
