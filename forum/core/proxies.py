"""Proxies in front of the forum: how many are believed, and a word when they were forgotten.

Where a proxy is not believed, all visitors seem to have its address, and share the limits of one.
"""

import ipaddress

import structlog
from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from forum.settings import Settings

FORGOTTEN = (
    "Requests come through a proxy that is not believed, so all visitors count as one. "
    "Set FORUM_PROXIES to the number of proxies in front of the forum."
)
# Headers that proxies add to say who asks, as WSGI names them.
ADDED = frozenset({"HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"})
log = structlog.get_logger()
_forgotten = False


def init(app: Flask, settings: Settings) -> None:
    """Where no proxy is set, notice those that are there."""
    global _forgotten
    _forgotten = False
    if not settings.proxies:
        app.before_request(_notice)


def believe(app: Flask, settings: Settings) -> None:
    """Believe as many proxies as are set. What is put around the application later, sockets too,
    does not know of it: this comes after all that reads addresses.
    """
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0
        )


def warning() -> dict[str, str]:
    """Return what the operator should mend, if anything."""
    return {"warning": FORGOTTEN} if _forgotten else {}


def _notice() -> None:
    global _forgotten
    if not _forgotten and not ADDED.isdisjoint(request.environ) and _from_nearby():
        _forgotten = True
        log.warning("proxy_not_believed", say=FORGOTTEN)


def _from_nearby() -> bool:
    # From anywhere else the header is some visitor's own invention.
    address = request.environ.get("REMOTE_ADDR", "")
    try:
        return not address or ipaddress.ip_address(address).is_private
    except ValueError:
        return False
