"""From signs of reading to rows of the record: one for each page opened, and one for each visit."""

import math
import secrets
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import BigInteger

from forum.activity import recorder
from forum.activity.models import ActivityEvent
from forum.core.db import UtcDateTime, transaction
from forum.core.db.compiled_sql import Prepared
from forum.research.consent import consent_checks
from forum.research.consent.consent_checks import Permit
from forum.research.models import Participant, Visit
from forum.research.recording.event_recording import safely
from forum.research.recording.reading_bounds import Seconds, Stay, counted


class Page(NamedTuple):
    """A page of a thread as it was served to somebody; `number` is random."""

    number: int
    account_id: int
    group_id: int
    thread_id: int
    served_at: datetime


class Sign(NamedTuple):
    """What was heard of a page at a moment: that it was opened, or how long it has been read."""

    page: Page
    at: datetime
    low: float = 0.0
    high: float | None = None
    posts_seen: int = 0


_COUNTED = Prepared(
    select(ActivityEvent.seconds_low, ActivityEvent.seconds_high).where(
        ActivityEvent.id == bindparam("id", type_=BigInteger),
        ActivityEvent.at == bindparam("at", type_=UtcDateTime),
    )
)
STAY = tuple(Stay.__annotations__)
_COLUMNS = [getattr(Visit, name) for name in STAY]
_KEYS = bindparam("keys", type_=BigInteger, expanding=True)
_LATEST = select(Visit.participant, *_COLUMNS).where(Visit.participant.in_(_KEYS))
_LOCK = (
    select(Participant.key)
    .where(Participant.key.in_(_KEYS))
    .order_by(Participant.key)
    .with_for_update(key_share=True)
)
_VISIT = insert(Visit).values({name: bindparam(name) for name in ("participant", *STAY)})
_KEEP = Prepared(
    _VISIT.on_conflict_do_update(
        index_elements=(Visit.participant,),
        set_={name: _VISIT.excluded[name] for name in STAY},
    )
)


@safely
def record(signs: tuple[Sign, ...]) -> None:
    """Write what signs tell, in the order in which they came, as far as consents permit it."""
    heard = list(_permitted(signs))
    if not heard:
        return
    stays = _locked_stays({permit.participant for _, permit in heard})
    rows, moved = dict[int, dict[str, Any]](), dict[int, Stay]()
    for sign, permit in heard:
        key = permit.participant
        # The same page in two studies has two rows, and each its own number.
        row_id = sign.page.number ^ key
        rows[row_id], stay = _told(sign, permit, row_id, rows.get(row_id), stays.get(key))
        if stay != stays.get(key):
            stays[key] = moved[key] = stay
            rows[stay.row_id] = recorder.row(
                "session", stay.began_at, key, stay.consent_id, id=stay.row_id,
                **_seconds(stay.length),
            )  # fmt: skip
    recorder.grow(rows.values())
    _KEEP.many([{"participant": key, **stay._asdict()} for key, stay in sorted(moved.items())])


def _permitted(signs: tuple[Sign, ...]) -> Iterator[tuple[Sign, Permit]]:
    """Yield each sign with each study in which it may be recorded.

    Reading is recorded from the consent on, also where the past is included.
    """
    permitted = consent_checks.of_several(
        {sign.page.account_id for sign in signs}, {sign.page.group_id for sign in signs}
    )
    for sign in signs:
        for permit in permitted.get((sign.page.account_id, sign.page.group_id), ()):
            if permit.given_at <= sign.page.served_at:
                yield sign, permit


def _locked_stays(participants: Collection[int]) -> dict[int, Stay]:
    """Return the latest visits; other processes that write about these people wait."""
    keys = sorted(participants)
    with transaction() as session:
        connection = session.connection()
        connection.execute(_LOCK, {"keys": keys})
        return {key: Stay(*stay) for key, *stay in connection.execute(_LATEST, {"keys": keys})}


def _told(
    sign: Sign, permit: Permit, row_id: int, row: dict[str, Any] | None, stay: Stay | None
) -> tuple[dict[str, Any], Stay]:
    """Return the row of a page with what a sign tells, and the visit to which that belongs."""
    page = sign.page
    row = row or recorder.row(
        "thread_read", page.served_at, permit.participant, permit.consent_id, id=row_id,
        group_id=page.group_id, thread_id=page.thread_id,
        seconds_low=None, seconds_high=None, posts_seen=None,
    )  # fmt: skip
    read_until = stay.read_until if stay else page.served_at
    before = now = Seconds()
    if sign.high is not None:
        before = _before(row)
        said = Seconds(sign.low, sign.high)
        now, read_until = counted(before, said, read_until, page.served_at, sign.at)
        row = {**row, **_seconds(now), "posts_seen": sign.posts_seen}
    if stay is None or not stay.goes_on(permit.consent_id, sign.at):
        began_at = sign.at - timedelta(seconds=now.high - before.high)
        row_number = secrets.randbits(63)
        stay = Stay(permit.consent_id, row_number, began_at, began_at, began_at, read_until)
    stay = stay._replace(read_until=read_until)
    if sign.high is None:
        stay = stay.opened(sign.at)
    elif now.high > before.high:
        stay = stay.seen(sign.at, certainly=now.low > before.low)
    return row, stay


def _before(row: dict[str, Any]) -> Seconds:
    """Return what has been counted of a page, in this batch or in an earlier one."""
    low, high = row["seconds_low"], row["seconds_high"]
    if high is None and (kept := _COUNTED.first(id=row["id"], at=row["at"])):
        low, high = kept
    return Seconds(low or 0.0, high or 0.0)


def _seconds(length: Seconds) -> dict[str, float]:
    """Return a length for the record, in whole milliseconds and never more than it is."""
    low, high = (math.floor(each * 1000) / 1000 for each in (length.low, length.high))
    return {"seconds_low": low, "seconds_high": high}
