"""Handing one message to a push service: over TLS, within seconds, following nothing."""

import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from socket import SHUT_RDWR, socket
from typing import Literal, TypeAlias

from forum.core.web_push import configuration, encryption, endpoints, outcomes, vapid
from forum.core.web_push.addresses import NotAllowed, open_socket
from forum.core.web_push.configuration import Configuration
from forum.core.web_push.outcomes import Later, Outcome, Refused

Urgency: TypeAlias = Literal["low", "normal", "high"]
STEP_WITHIN_S, ALL_WITHIN_S = 5.0, 10.0


@dataclass(frozen=True)
class Device:
    """Where a browser takes messages, and the keys with which it alone reads them."""

    endpoint: str
    p256dh: str
    auth: str


def deliver(device: Device, words: bytes, *, ttl_s: int, urgency: Urgency, topic: str) -> Outcome:
    """Send words to a device, which gets them within `ttl_s` or never.

    While it is away, of the messages with one topic only the newest waits.
    """
    set_up = configuration.current()
    if not endpoints.is_allowed(device.endpoint, set_up.services):
        return Refused(outcomes.ELSEWHERE)
    try:
        body = encryption.encrypt(words, device.p256dh, device.auth)
    except ValueError:
        return Refused(outcomes.NOT_TAKEN)
    audience = endpoints.origin_of(device.endpoint)
    headers = {
        "Authorization": vapid.authorization(set_up.key, audience, set_up.contact),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(ttl_s),
        "Urgency": urgency,
        "Topic": topic,
    }
    try:
        return _post(device.endpoint, body, headers, set_up)
    except (OSError, HTTPException, UnicodeError) as problem:
        return _because_of(problem)


def _because_of(problem: Exception) -> Outcome:
    if isinstance(problem, NotAllowed):
        return Refused(outcomes.INSIDE)
    if isinstance(problem, ssl.SSLCertVerificationError):
        return Later(outcomes.UNTRUSTED)
    return Later(outcomes.TOO_SLOW if isinstance(problem, TimeoutError) else outcomes.AWAY)


def _post(endpoint: str, body: bytes, headers: dict[str, str], set_up: Configuration) -> Outcome:
    connection = _Connection(endpoint, set_up)
    timer = threading.Timer(ALL_WITHIN_S, connection.cut)
    timer.daemon = True
    timer.start()
    try:
        connection.request("POST", endpoints.path_of(endpoint), body, headers)
        answer = connection.getresponse()  # its words are of no interest, and are not read
        return outcomes.of(answer.status, answer.headers.get("Retry-After", ""))
    except (OSError, HTTPException) as problem:
        if connection.is_cut and not isinstance(problem, NotAllowed):
            raise TimeoutError from problem
        raise
    finally:
        timer.cancel()
        connection.let_go()


class _Connection(HTTPSConnection):
    """A connection to an address that was judged, which can be cut whatever it is waiting for."""

    def __init__(self, endpoint: str, set_up: Configuration) -> None:
        host, port = endpoints.place_of(endpoint)
        self._tls = set_up.context or ssl.create_default_context()
        self._reachable = set_up.reachable
        self._handle: socket | None = None
        self._until = time.monotonic() + ALL_WITHIN_S
        self.is_cut = False
        super().__init__(host, port, timeout=STEP_WITHIN_S, context=self._tls)

    def connect(self) -> None:
        """Connect. Raises OSError, and TimeoutError when to look up the name took too long."""
        raw = open_socket(self.host, self.port, self._reachable, STEP_WITHIN_S)
        self._handle = raw.dup()
        if self.is_cut or time.monotonic() > self._until:
            raw.close()
            raise TimeoutError
        self.sock = self._tls.wrap_socket(raw, server_hostname=self.host)

    def cut(self) -> None:
        """End it at once."""
        self.is_cut = True
        if self._handle is not None:
            with suppress(OSError):
                self._handle.shutdown(SHUT_RDWR)

    def let_go(self) -> None:
        """Let go of it."""
        self.close()
        if self._handle is not None:
            self._handle.close()
