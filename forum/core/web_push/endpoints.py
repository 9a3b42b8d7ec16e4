"""Addresses of devices at push services, which browsers make up and members' scripts send."""

import re

LENGTH_MAX = 2_000
HTTPS_PORT = 443
# Nothing but a host, a port and a path: no user, no "#", no "\", and no letters to mistake.
_ENDPOINT = re.compile(
    r"https://([a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::([1-9][0-9]{0,4}))?(/[!\"$-\[\]-~]*)", re.ASCII
)


def is_allowed(endpoint: str, services: tuple[str, ...]) -> bool:
    """Whether this is an https address at one of these hosts, such as "*.push.example.org"."""
    if len(endpoint) > LENGTH_MAX or not _ENDPOINT.fullmatch(endpoint):
        return False
    host, port = place_of(endpoint)
    return any(_fits(host, port, one) for one in services)


def place_of(endpoint: str) -> tuple[str, int]:
    """Return the host and the port of an address that is allowed."""
    found = _ENDPOINT.fullmatch(endpoint)
    if found is None:
        return "", 0
    return found[1], int(found[2] or HTTPS_PORT)


def origin_of(endpoint: str) -> str:
    """Return the service's own address, for which a message is signed."""
    host, port = place_of(endpoint)
    return f"https://{host}" if port == HTTPS_PORT else f"https://{host}:{port}"


def path_of(endpoint: str) -> str:
    """Return what is asked for there."""
    found = _ENDPOINT.fullmatch(endpoint)
    return found[3] if found else ""


def _fits(host: str, port: int, service: str) -> bool:
    name, _, wanted = service.partition(":")
    if port != int(wanted or HTTPS_PORT):
        return False
    if name.startswith("*."):
        return host.endswith(name[1:])
    return host == name
