"""What the operator has set about web push, for this process."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from forum.core import ids
from forum.core.web_push import endpoints, vapid
from forum.core.web_push.addresses import Address, connect_to, is_public


@dataclass(frozen=True)
class Configuration:
    """Who sends, to which services, and which addresses these may have.

    No setting changes `reachable` and `context`: whoever could would let members' browsers name
    machines of the operator's own network. Tests do, for a push service of their own.
    """

    key: str = ""
    services: tuple[str, ...] = ()
    contact: str = ""
    reachable: Callable[[Address], bool] = is_public
    context: ssl.SSLContext | None = None


_now = Configuration()


def init(
    key: str, services: tuple[str, ...], origins: tuple[str, ...], sender: str = ""
) -> Configuration:
    """Send with this private key to these services from now on.

    Services are told whom to write to when something is wrong: the forum's address, or else the
    sender of its mail.
    """
    is_set = bool(origins)
    https = [origin for origin in origins if origin.startswith("https://")]
    contact = https[0] if https else f"mailto:{sender}"
    return use(Configuration(key if is_set else "", services, contact))


def use(configuration: Configuration) -> Configuration:
    """Use this from now on, and return what was used before."""
    global _now
    before, _now = _now, configuration
    return before


def current() -> Configuration:
    """Return what is set."""
    return _now


def available() -> bool:
    """Whether the forum can send anything by push: its own address has to be set."""
    return bool(_now.key and _now.services)


def is_allowed(endpoint: str) -> bool:
    """Whether this is the address of a device at a service to which the forum may send."""
    return endpoints.is_allowed(endpoint, _now.services)


def may_reach(endpoint: str) -> bool:
    """Whether the machine behind an address is one that may be reached, as far as is known now."""
    host, port = endpoints.place_of(endpoint)
    return bool(connect_to(host, port, _now.reachable))


def public_key() -> str:
    """Return what browsers are told to take messages from."""
    return _public_key(_now.key)


def key_digest() -> str:
    """Return what tells the key again with which a device was added."""
    return ids.digest(_now.key)[:16]


@cache
def _public_key(key: str) -> str:
    return vapid.public_key(key)
