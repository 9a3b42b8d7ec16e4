"""How often somebody may do something: Flask-Limiter for requests, its library for sockets."""

import ipaddress

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from forum.core.errors import TooMany
from forum.settings import Settings


def whence() -> str:
    """Return from where a request comes, as far as one household or office goes.

    With IPv6 whoever has one address has 2^64 of them, and could try from another each time.
    """
    address = get_remote_address()
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.version == 4:
        return address
    within = found.ipv4_mapped or ipaddress.ip_network((found, HOUSEHOLD), strict=False)
    return str(within)


limiter = Limiter(key_func=whence)
_sockets = MovingWindowRateLimiter(MemoryStorage())
_on = True

HOUSEHOLD = 64
SIGN_UP = "10 per hour"
LOGIN = "20 per 5 minutes"
POSTING = "30 per 5 minutes; 200 per day"
PREVIEW = "30 per minute"
SMALL_ACTS = "120 per minute"


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


def hit(limit: str, *who: str) -> None:
    """Count one act by `who` in this process. Raises TooMany above `limit` ("5 per minute")."""
    if _on and not _sockets.hit(parse(limit), *who):
        raise TooMany
