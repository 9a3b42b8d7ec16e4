"""Which machines may be spoken to: those of the open Internet, and none of the operator's own.

A name is looked up once for each connection, and the address that was judged is the one that is
connected to: a name that leads elsewhere a moment later changes nothing.
"""

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
# In its last 32 bits is an IPv4 address, which the operator's own network would connect to.
_TRANSLATED = IPv6Network("64:ff9b::/96")


class NotAllowed(OSError):
    """The name leads to a machine that is not of the open Internet."""


def is_public(address: Address) -> bool:
    """Whether an address is one of the open Internet, and so is each that it stands for."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _TRANSLATED:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:  # of old, which `is_global` has forgotten
            return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


def connect_to(host: str, port: int, reachable: Callable[[Address], bool]) -> list[str]:
    """Return the addresses to try, [] if none may be. Raises OSError where the name has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    numbers = dict.fromkeys(str(place[0]) for *_others, place in found)
    return [one for one in numbers if reachable(ip_address(one.partition("%")[0]))]


def open_socket(
    host: str, port: int, reachable: Callable[[Address], bool], within_s: float
) -> socket.socket:
    """Return a connection to the first of its allowed addresses that answers. Raises OSError."""
    addresses = connect_to(host, port, reachable)
    if not addresses:
        raise NotAllowed
    problem: OSError | None = None
    for address in addresses[:2]:
        try:
            return socket.create_connection((address, port), within_s)
        except OSError as refused:
            problem = refused
    raise problem or NotAllowed
