"""From reading signals to rows of the record: one for each page opened, and one for each visit."""

import math
import secrets
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import BigInteger

from forum.activity import record_writer
from forum.activity.models import ActivityEvent
from forum.core.db import UtcDateTime, current_connection, transaction
from forum.research.consent import consent_checks
from forum.research.consent.consent_checks import RecordingPermit
from forum.research.models import Participant, Visit
from forum.research.recording.event_recording import record_safely
from forum.research.recording.reading_bounds import Seconds, VisitState, bounded_reading


class Page(NamedTuple):
    """A page of a thread as it was served to somebody; `number` is random."""

    number: int
    account_id: int
    group_id: int
    thread_id: int
    served_at: datetime


class ReadingSignal(NamedTuple):
    """What was heard of a page at a moment: that it was opened, or how long it has been read."""

    page: Page
    at: datetime
    low: float = 0.0
    high: float | None = None
    posts_seen: int = 0


_COUNTED = select(ActivityEvent.seconds_low, ActivityEvent.seconds_high).where(
    ActivityEvent.id == bindparam("id", type_=BigInteger),
    ActivityEvent.at == bindparam("at", type_=UtcDateTime),
)
VISIT_FIELDS = tuple(VisitState.__annotations__)
_COLUMNS = [getattr(Visit, name) for name in VISIT_FIELDS]
_KEYS = bindparam("keys", type_=BigInteger, expanding=True)
_LATEST = select(Visit.participant, *_COLUMNS).where(Visit.participant.in_(_KEYS))
_LOCK = (
    select(Participant.key)
    .where(Participant.key.in_(_KEYS))
    .order_by(Participant.key)
    .with_for_update(key_share=True)
)
_VISIT = insert(Visit).values({name: bindparam(name) for name in ("participant", *VISIT_FIELDS)})
_STORE_VISIT = _VISIT.on_conflict_do_update(
    index_elements=(Visit.participant,),
    set_={name: _VISIT.excluded[name] for name in VISIT_FIELDS},
)


@record_safely
def record(signals: tuple[ReadingSignal, ...]) -> None:
    """Write what signs tell, in the order in which they came, as far as consents permit it."""
    permitted = list(_permitted(signals))
    if not permitted:
        return
    visits = _lock_visits({permit.participant for _, permit in permitted})
    rows, changed = dict[int, dict[str, Any]](), dict[int, VisitState]()
    for signal, permit in permitted:
        key = permit.participant
        # The same page in two studies has two rows, and each its own number.
        row_id = signal.page.number ^ key
        rows[row_id], visit = _page_and_visit(
            signal, permit, row_id, rows.get(row_id), visits.get(key)
        )
        if visit != visits.get(key):
            visits[key] = changed[key] = visit
            rows[visit.row_id] = record_writer.event_row(
                "session",
                visit.started_at,
                key,
                visit.consent_id,
                id=visit.row_id,
                **_seconds(visit.length),
            )
    record_writer.extend_events(rows.values())
    if changed:
        stored = [{"participant": key, **visit._asdict()} for key, visit in sorted(changed.items())]
        current_connection().execute(_STORE_VISIT, stored)


def _permitted(
    signals: tuple[ReadingSignal, ...],
) -> Iterator[tuple[ReadingSignal, RecordingPermit]]:
    """Yield each sign with each study in which it may be recorded.

    Reading is recorded from the consent on, also where the past is included.
    """
    permitted = consent_checks.permits_for_several(
        {signal.page.account_id for signal in signals}, {signal.page.group_id for signal in signals}
    )
    for signal in signals:
        for permit in permitted.get((signal.page.account_id, signal.page.group_id), ()):
            if permit.given_at <= signal.page.served_at:
                yield signal, permit


def _lock_visits(participants: Collection[int]) -> dict[int, VisitState]:
    """Return the latest visits; other processes that write about these people wait."""
    keys = sorted(participants)
    with transaction() as session:
        connection = session.connection()
        connection.execute(_LOCK, {"keys": keys})
        return {
            key: VisitState(*visit) for key, *visit in connection.execute(_LATEST, {"keys": keys})
        }


def _page_and_visit(
    signal: ReadingSignal,
    permit: RecordingPermit,
    row_id: int,
    row: dict[str, Any] | None,
    visit: VisitState | None,
) -> tuple[dict[str, Any], VisitState]:
    """Return the row of a page with what a sign tells, and the visit to which that belongs."""
    page = signal.page
    row = row or record_writer.event_row(
        "thread_read",
        page.served_at,
        permit.participant,
        permit.consent_id,
        id=row_id,
        group_id=page.group_id,
        thread_id=page.thread_id,
        seconds_low=None,
        seconds_high=None,
        posts_seen=None,
    )
    read_until = visit.read_until if visit else page.served_at
    before = now = Seconds()
    if signal.high is not None:
        before = _before(row)
        reported = Seconds(signal.low, signal.high)
        now, read_until = bounded_reading(before, reported, read_until, page.served_at, signal.at)
        row = {**row, **_seconds(now), "posts_seen": signal.posts_seen}
    if visit is None or not visit.goes_on(permit.consent_id, signal.at):
        started_at = signal.at - timedelta(seconds=now.high - before.high)
        row_number = secrets.randbits(63)
        visit = VisitState(
            permit.consent_id, row_number, started_at, started_at, started_at, read_until
        )
    visit = visit._replace(read_until=read_until)
    if signal.high is None:
        visit = visit.opened(signal.at)
    elif now.high > before.high:
        visit = visit.seen(signal.at, certainly=now.low > before.low)
    return row, visit


def _before(row: dict[str, Any]) -> Seconds:
    """Return what has been counted of a page, in this batch or in an earlier one."""
    low, high = row["seconds_low"], row["seconds_high"]
    if high is None and (
        counted := current_connection()
        .execute(_COUNTED, {"id": row["id"], "at": row["at"]})
        .first()
    ):
        low, high = counted
    return Seconds(low or 0.0, high or 0.0)


def _seconds(length: Seconds) -> dict[str, float]:
    """Return a length for the record, in whole milliseconds and never more than it is."""
    low, high = (math.floor(each * 1000) / 1000 for each in (length.low, length.high))
    return {"seconds_low": low, "seconds_high": high}
