"""Who sends which delivery: claimed for a while by one worker, settled or given back by it.

A worker that has died keeps nothing for good. Another watches what it had claimed by its own clock,
which nobody sets, and takes it back when nothing has happened for as long as a lease lasts.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, and_, or_, select, union_all, update
from sqlalchemy.orm import Session

from forum.core import clock, ids
from forum.core.background.backoff import wait_after
from forum.core.db import at_most, current_session, transaction
from forum.notifications.notification_choices import CRISIS, URGENCIES
from forum.notifications.outbox.models import (
    DROPPED,
    FAILED,
    GATHERED,
    SENDING,
    SENT,
    WAITING,
    Delivery,
)

LEASE_S = 120.0
CLAIMED_AT_ONCE = 20
WATCHED_AT_ONCE = 1_000
RETRY_AFTER, RETRY_AT_MOST = timedelta(minutes=1), timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(hours=24)
TOLD_WITHIN = timedelta(days=7)  # a server that stood still for longer tells no old news
# No wait is longer than a night: what is due later comes from a clock that was wrong for a while.
LONGEST_WAIT = timedelta(hours=25)
_TABLE = cast("Table", Delivery.__table__)
_OPEN = (_TABLE.c.ended_at.is_(None), _TABLE.c.state == WAITING)


@dataclass(frozen=True)
class Claim:
    """A delivery that a worker has for now, under the lease that `leased_by` names."""

    id: int
    leased_by: str
    account_id: int
    channel: str
    event_key: str
    notification_id: int | None
    type: str
    urgency: int
    attempts: int
    created_at: datetime


def is_due(channels: Collection[str], urgencies: Collection[int] = URGENCIES) -> bool:
    """Whether anything so urgent can be sent on one of these channels now."""
    each = [
        select(_TABLE.c.id).where(*_due(channel, urgency)).limit(at_most(1)).subquery()
        for urgency in urgencies
        for channel in channels
    ]
    if not each:
        return False
    found = union_all(*(select(one.c.id) for one in each)).limit(at_most(1))
    return current_session().scalar(found) is not None


def claim(channels: Collection[str], urgencies: Collection[int] = URGENCIES) -> list[Claim]:
    """Lease a few of the most urgent to who asks, those that have waited longest first."""
    lease = ids.token()[:32]
    with transaction() as session:
        for urgency in urgencies:
            for channel in channels:
                if claimed := _claim(session, lease, channel, urgency):
                    return claimed
    return []


def _claim(session: Session, lease: str, channel: str, urgency: int) -> list[Claim]:
    some = (
        select(_TABLE.c.id)
        .where(*_due(channel, urgency))
        .order_by(_TABLE.c.due_at, _TABLE.c.id)
        .limit(at_most(CLAIMED_AT_ONCE))
        .with_for_update(skip_locked=True)
    )
    found = session.connection().scalars(some).all()
    if not found:
        return []
    mine = (
        update(_TABLE)
        .where(_TABLE.c.id.in_(found), *_OPEN)
        .values(state=SENDING, leased_by=lease, attempts=_TABLE.c.attempts + 1)
        .returning(*(_TABLE.c[name] for name in Claim.__dataclass_fields__))
    )
    claimed = [Claim(**row._asdict()) for row in session.connection().execute(mine)]
    return sorted(claimed, key=lambda one: found.index(one.id))


def _due(channel: str, urgency: int) -> tuple[Any, ...]:
    now = clock.now()
    return *_OPEN, _TABLE.c.channel == channel, _TABLE.c.urgency == urgency, _TABLE.c.due_at <= now


def note_sent(claimed: Claim) -> None:
    """Note that the channel has taken it: from now on nobody sends it again.

    That is so whoever has it meanwhile.
    """
    sent = update(_TABLE).where(_TABLE.c.id == claimed.id, _TABLE.c.ended_at.is_(None))
    with transaction() as session:
        session.connection().execute(sent.values(state=SENT, ended_at=clock.now(), leased_by=None))


def holds(claimed: Claim) -> bool:
    """Whether a worker still has what it claimed."""
    mine = select(_TABLE.c.id).where(
        _TABLE.c.id == claimed.id, _TABLE.c.leased_by == claimed.leased_by
    )
    return current_session().scalar(mine) is not None


def drop(claimed: Claim) -> None:
    """Send it never: it is no longer to be told, or no longer wanted."""
    _settle(claimed, state=DROPPED, ended_at=clock.now())


def gather(claimed: Claim) -> None:
    """Let another message tell of it together with others."""
    _settle(claimed, state=GATHERED, ended_at=clock.now())


def fail(claimed: Claim) -> None:
    """Give it up."""
    _settle(claimed, state=FAILED, ended_at=clock.now())


def postpone(claimed: Claim, until: datetime) -> None:
    """Let it wait, as its reader's night does; this is no attempt."""
    _settle(claimed, state=WAITING, due_at=until, attempts=claimed.attempts - 1)


def retry_later(claimed: Claim, after: timedelta = timedelta()) -> bool:
    """Try it again after a while, longer each time, and not before `after`, if that is no longer
    than the longest wait; return False after a day, when it is over.
    """
    waits = [wait_after(n, RETRY_AFTER, RETRY_AT_MOST) for n in range(min(claimed.attempts, 64))]
    # Counted, not looked up: a clock that jumps by days gives nothing up.
    if sum(waits, timedelta()) > GIVEN_UP_AFTER:
        fail(claimed)
        return False
    _settle(claimed, state=WAITING, due_at=clock.now() + max(waits[-1], min(after, RETRY_AT_MOST)))
    return True


def give_back(rest: Collection[Claim]) -> None:
    """Let others have what there is no time for; this is no attempt."""
    for claimed in rest:
        _settle(claimed, state=WAITING, attempts=claimed.attempts - 1)


def _settle(claimed: Claim, **values: object) -> None:
    mine = (_TABLE.c.id == claimed.id, _TABLE.c.leased_by == claimed.leased_by)
    with transaction() as session:
        session.connection().execute(update(_TABLE).where(*mine).values(**values, leased_by=None))


class Watch:
    """What others have claimed, and since when nothing has happened to it by this one's clock."""

    def __init__(self) -> None:
        self._since: dict[tuple[int, str], float] = {}

    def take_back(self) -> None:
        """Let wait again what a worker has claimed for longer than a lease."""
        now = time.monotonic()
        claimed = select(_TABLE.c.id, _TABLE.c.leased_by).where(
            _TABLE.c.ended_at.is_(None), _TABLE.c.state == SENDING
        )
        some = claimed.order_by(_TABLE.c.id).limit(at_most(WATCHED_AT_ONCE))
        rows = current_session().execute(some).all()
        leases = [(row.id, str(row.leased_by)) for row in rows]
        self._since = {lease: self._since.get(lease, now) for lease in leases}
        over = [lease for lease, since in self._since.items() if now - since >= LEASE_S]
        if over:
            with transaction() as session:
                for delivery_id, lease in over:
                    abandoned = update(_TABLE).where(
                        _TABLE.c.id == delivery_id, _TABLE.c.leased_by == lease
                    )
                    session.connection().execute(abandoned.values(state=WAITING, leased_by=None))


def mend_due_times() -> None:
    """Make due what a clock that was wrong has put off by more than any wait."""
    now, due_at = clock.now(), _TABLE.c.due_at
    # What is said of a crisis waits for no night.
    alarm_late = and_(_TABLE.c.urgency == CRISIS, due_at > now + RETRY_AT_MOST)
    late = update(_TABLE).where(*_OPEN, or_(due_at > now + LONGEST_WAIT, alarm_late))
    with transaction() as session:
        session.connection().execute(late.values(due_at=now))
