"""Periodic work that one process does for the whole site, however many processes there are.

The one that does it holds a lease, which it renews every few seconds. When it has died, another
takes the lease as soon as it is over. A process that stood still for longer than its lease may
find that another has begun, so such work must be harmless when it is done twice.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select

# Both databases understand this dialect's ON CONFLICT; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.dml import ReturningInsert

from forum.core import clock, ids
from forum.core.background import periodic
from forum.core.background.models import Lease
from forum.core.db import current_session, release_session, transaction

SITE = "site"
LEASE = timedelta(seconds=15)
RENEW_EVERY_S = 5
PATIENCE_S = 3
log = structlog.get_logger()


class Candidate:
    """A process that may come to do the work of the whole site."""

    def __init__(self) -> None:
        self._holder = ""
        self._until: datetime | None = None
        self._ask_again = 0.0

    def is_leader(self) -> bool:
        """Whether this process does the site's work now; it asks the database now and then."""
        if time.monotonic() >= self._ask_again:
            self._ask_again = time.monotonic() + RENEW_EVERY_S
            try:
                self._renew(clock.now())
            except SQLAlchemyError as problem:  # the lease goes on, or another process takes it
                log.warning("lease_not_renewed", problem=type(problem).__name__)
        return self._until is not None and clock.now() < self._until

    def resign(self) -> None:
        """Let another process take the work over at once, instead of when the lease is over."""
        if self._until is not None:
            self._until = None
            with suppress(SQLAlchemyError):
                _take(self._holder, clock.now(), clock.now())

    def _renew(self, now: datetime) -> None:
        if self._until is None and _is_taken(now):
            return
        # Only now, since a server that loads the forum before it forks would give all one name.
        self._holder = self._holder or f"{os.getpid()}-{ids.public_id()}"
        taken = _take(self._holder, now, now + LEASE)
        if taken and self._until is None:
            log.info("periodic_work_here")
        self._until = now + LEASE if taken else None


_here = Candidate()


def every(
    seconds: float, key: object, work: Callable[[], None], *, first: float | None = None
) -> None:
    """Do `work` every so many seconds in one of all the processes that serve this forum.

    With `first`, so many seconds after the start for the first time.
    """
    periodic.every(seconds, key, lambda: work() if _here.is_leader() else None, first=first)


def resign() -> None:
    """Let another process do the site's work, as this one ends."""
    if periodic.serving():
        _here.resign()


def _is_taken(now: datetime) -> bool:
    held = select(Lease.until).where(Lease.name == SITE, Lease.until > now)
    try:
        return current_session().scalar(held) is not None
    finally:
        release_session()


def _take(holder: str, now: datetime, until: datetime) -> bool:
    """Take the lease, or move its end; return whether nobody else has it."""
    with transaction(PATIENCE_S) as session:
        return session.execute(_statement(holder, now, until)).first() is not None


def _statement(holder: str, now: datetime, until: datetime) -> ReturningInsert[tuple[str]]:
    fresh = insert(Lease).values(name=SITE, holder=holder, until=until)
    return fresh.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": fresh.excluded.holder, "until": fresh.excluded.until},
        where=or_(Lease.holder == holder, Lease.until <= now),
    ).returning(Lease.holder)
