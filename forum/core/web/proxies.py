"""Proxies in front of the forum: how many are believed, and a word when their number is wrong.

Where one is not believed, all visitors seem to have its address, and share the limits of one.
"""

from __future__ import annotations

import ipaddress
from functools import partial
from typing import TYPE_CHECKING

import structlog
from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from forum.settings.environment import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

FORGOTTEN = (
    "Requests come through a proxy that is not believed, so all visitors count as one. "
    "Set FORUM_PROXIES to the number of proxies in front of the forum."
)
# Headers that proxies add to say who asks, as WSGI names them.
ADDED = frozenset({"HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"})
SCHEME = "HTTP_X_FORWARDED_PROTO"
SOCKET_SCHEMES = {"ws": "http", "wss": "https"}
log = structlog.get_logger()
_forgotten = False


def init(app: Flask, settings: Settings) -> None:
    """Notice proxies that are there and not believed: all, or some of them."""
    global _forgotten
    _forgotten = False
    app.before_request(partial(_notice, settings.proxies))


def believe(app: Flask, settings: Settings) -> None:
    """Believe as many proxies as are set. What is put around the application later, sockets too,
    does not know of it: this comes after all that reads addresses.
    """
    if settings.proxies:
        fixed = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=1, x_host=0)
        app.wsgi_app = partial(_answer, fixed, settings.proxies)  # type: ignore[method-assign]


def _answer(
    fixed: ProxyFix, believed: int, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """Answer with the scheme that the outermost of the believed proxies was asked with.

    Most proxies hand one scheme on instead of adding theirs to a list. Some write it large, or name
    the scheme of sockets for a request that asks to become one.
    """
    schemes = environ.get(SCHEME, "").split(",")[-believed:]
    if SCHEME in environ:
        scheme = schemes[0].strip().lower()
        environ[SCHEME] = SOCKET_SCHEMES.get(scheme, scheme)
    return fixed(environ, start_response)


def warning() -> dict[str, str]:
    """Return what the operator should mend, if anything."""
    return {"warning": FORGOTTEN} if _forgotten else {}


def _notice(believed: int) -> None:
    global _forgotten
    if not _forgotten and _are_more(believed) and _from_nearby():
        _forgotten = True
        log.warning("proxy_not_believed", say=FORGOTTEN)


def _are_more(believed: int) -> bool:
    """Whether more proxies have passed a request on than are believed."""
    if not believed:
        return not ADDED.isdisjoint(request.environ)
    return len(request.headers.get("X-Forwarded-For", "").split(",")) > believed


def _from_nearby() -> bool:
    # From anywhere else the header is some visitor's own invention.
    address = request.environ.get("REMOTE_ADDR", "")
    try:
        return not address or not ipaddress.ip_address(address).is_global
    except ValueError:
        return False
