"""From which pages a browser may open a socket, and what the operator reads when it may not.

With FORUM_ORIGINS these are the addresses named there. Without it, it is the address that the
forum is asked at, where nobody else can have made that up: an IP address, a name within one's own
network, or whatever the operator's own proxy (FORUM_PROXIES) hands on. A public name could be
another site's, which has let it point here.
"""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

import structlog

from forum.settings.environment import Settings

OWN_NETWORK = (".localhost", ".local", ".lan", ".internal", ".home.arpa")
USUAL_PORTS = {"http": ":80", "https": ":443"}
REMEMBERED_MAX = 50
log = structlog.get_logger()
_told: set[str] = set()


def is_welcome(origin: str | None, environ: Mapping[str, str], settings: Settings) -> bool:
    """Whether a page from there may open a socket; if not, say once in the log what to set."""
    if not origin:
        return False
    if settings.origins:
        if origin in settings.origins:
            return True
        return _refuse(origin, "Add this address to FORUM_ORIGINS if it is the forum's own.")
    # Never X-Forwarded-Host, which anyone can send.
    scheme = environ["wsgi.url_scheme"]
    # Browsers leave out the usual port, which some proxies hand on with the host.
    host = environ.get("HTTP_HOST", "").removesuffix(USUAL_PORTS.get(scheme, ""))
    if origin != f"{scheme}://{host}":
        return _refuse(
            origin,
            "If this is the forum's own address, name it in FORUM_ORIGINS; behind a proxy also "
            "set FORUM_PROXIES, and let the proxy hand on Host and X-Forwarded-Proto.",
        )
    if settings.proxies or _is_near(origin):
        return True
    return _refuse(origin, "Name this address in FORUM_ORIGINS if it is the forum's own.")


def _is_near(origin: str) -> bool:
    """Whether the host is one that no other site's owner can let point here."""
    try:
        host = urlsplit(origin).hostname or ""
    except ValueError:
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(OWN_NETWORK)
    return True


def _refuse(origin: str, say: str) -> bool:
    """Log an origin the first time it is refused, if it looks like one, and return False."""
    try:
        parts = urlsplit(origin)
        plain = origin == f"{parts.scheme}://{parts.netloc}" and origin.isascii()
    except ValueError:
        plain = False
    shown = origin if plain and origin.isprintable() and len(origin) <= 100 else "(none)"
    if shown not in _told and len(_told) < REMEMBERED_MAX:
        _told.add(shown)
        log.warning("origin_refused", origin=shown, say=say)
    return False
