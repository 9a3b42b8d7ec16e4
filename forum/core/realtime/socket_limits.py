"""How much one socket, one person and one address may ask of the Socket.IO door.

It is counted before anything is decoded. Whatever goes beyond, or is no packet of a browser of
ours, ends its socket; the log has one line for it, and not one for each packet.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

PACKET_MAX = 64_000  # bytes
WINDOW_S = 10.0
PACKETS_A_SOCKET = 300
PACKETS_A_PERSON = 600
SOCKETS_A_PERSON = 30
SOCKETS_AN_ADDRESS = 500
# For how long a socket may be open without having said who it is, or where a visitor is.
SETTLE_WITHIN_S = 20.0

log = structlog.get_logger()


@dataclass
class Pace:
    """How many packets there were in the present window."""

    since: float = 0.0
    packets: int = 0

    def count(self, most: int) -> bool:
        """Count one packet; return whether there may be more."""
        now = time.monotonic()
        if now - self.since > WINDOW_S:
            self.since, self.packets = now, 0
        self.packets += 1
        return self.packets <= most


@dataclass
class Socket:
    """What is known of an open socket."""

    address: str
    opened: float
    pace: Pace = field(default_factory=Pace)
    account_id: int | None = None
    known: bool = False  # it has told who it is, if only that it is a visitor's


class Sockets:
    """All sockets of this process."""

    def __init__(self, close: Callable[[str], None], *, counting: Callable[[], bool]) -> None:
        self._close, self._counting = close, counting
        self._open: dict[str, Socket] = {}
        self._at: Counter[str] = Counter()
        self._of: Counter[int] = Counter()
        self._paces: defaultdict[int, Pace] = defaultdict(Pace)

    def is_full(self, address: str) -> bool:
        """Whether there are as many sockets of an address as there may be."""
        return self._counting() and self._at[address] >= SOCKETS_AN_ADDRESS

    def may_have_more(self, account_id: int) -> bool:
        """Whether a person may have one more socket."""
        return not self._counting() or self._of[account_id] < SOCKETS_A_PERSON

    def opened(self, eio_sid: str, address: str) -> None:
        """Note a socket that has opened."""
        self._open[eio_sid] = Socket(address, time.monotonic())
        self._at[address] += 1

    def belongs_to(self, eio_sid: str, account_id: int | None) -> None:
        """Note whose socket it is; None for a visitor's."""
        found = self._open.get(eio_sid)
        if found is not None:
            found.known, found.account_id = True, account_id
            if account_id is not None:
                self._of[account_id] += 1

    def gone(self, eio_sid: str) -> None:
        """Forget a socket that has closed."""
        found = self._open.pop(eio_sid, None)
        if found is None:
            return
        self._at -= Counter([found.address])
        if found.account_id is not None:
            self._of -= Counter([found.account_id])
            if not self._of[found.account_id]:
                self._paces.pop(found.account_id, None)

    def count(self, eio_sid: str) -> bool:
        """Count one packet; close the socket and return False where that is one too many."""
        found = self._open.get(eio_sid)
        if found is None:
            return False
        if not self._counting():
            return True
        fine = found.pace.count(PACKETS_A_SOCKET)
        if found.account_id is not None:
            fine = self._paces[found.account_id].count(PACKETS_A_PERSON) and fine
        if not fine:
            self.close(eio_sid, "too many packets")
        return fine

    def close(self, eio_sid: str, why: str) -> None:
        """Close a socket, once, and say so in the log."""
        if eio_sid in self._open:
            self.gone(eio_sid)
            _note(why)
            self._close(eio_sid)

    def close_idle(self, is_anywhere: Callable[[str], bool]) -> None:
        """Close those that never said who they are, and visitors' for which nothing is live."""
        before = time.monotonic() - SETTLE_WITHIN_S
        for eio_sid, found in list(self._open.items()):
            idle = not found.known or (found.account_id is None and not is_anywhere(eio_sid))
            if found.opened < before and idle:
                self.gone(eio_sid)
                self._close(eio_sid)


_noted: dict[str, Any] = {}


def _note(why: str) -> None:
    """Log that a socket was closed: one at once, the others of the same minute as a number."""
    now = time.monotonic()
    since, others = _noted.get(why, (-60.0, 0))
    if now - since < 60.0:
        _noted[why] = since, others + 1
        return
    _noted[why] = now, 0
    log.warning("socket_closed", why=why, closed_before=others)
