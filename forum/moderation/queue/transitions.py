"""The steps that the verbs of the queue are made of; all run inside their transaction.

Each verb takes its turn first: the counter's row stays locked until the end, so that two people
who act in the same second come one after the other, and versions become visible in their order.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, select, update

# Both databases understand this dialect's ON CONFLICT; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from forum.core.events import announce
from forum.moderation.queue.events import CrisisWaits, QueueChanged
from forum.moderation.queue.models import OPENED, RESOLVED, QueueCounter, QueueEntry, QueueStep
from forum.moderation.queue.policy import CRISIS

_COUNTER = cast("Table", QueueCounter.__table__)


@dataclass(frozen=True)
class Matter:
    """Something that wants a human."""

    kind: str
    subject_kind: str
    subject_id: int
    group_id: int | None
    about_id: int | None
    urgency: int
    distressing: bool = False


def take_turn(session: Session) -> int:
    """Count one more change of the queue, and return the count; others wait until the end."""
    counted = (
        insert(_COUNTER)
        .values(id=1, version=1)
        .on_conflict_do_update(index_elements=["id"], set_={"version": _COUNTER.c.version + 1})
        .returning(_COUNTER.c.version)
    )
    return int(session.execute(counted).scalar_one())


def open_entry_of(session: Session, kind: str, subject_kind: str, subject_id: int,
                  group_id: int | None) -> QueueEntry | None:  # fmt: skip
    """Return the entry about this thing that nobody has resolved yet."""
    return session.scalar(
        select(QueueEntry).where(
            QueueEntry.kind == kind,
            QueueEntry.subject_kind == subject_kind,
            QueueEntry.subject_id == subject_id,
            QueueEntry.group_id.is_not_distinct_from(group_id),
            QueueEntry.resolved_at.is_(None),
        )
    )


def bring(session: Session, matter: Matter, at: datetime) -> QueueEntry:
    """Bring something to the queue; what waits there already becomes no less urgent."""
    version = take_turn(session)
    entry = open_entry_of(
        session, matter.kind, matter.subject_kind, matter.subject_id, matter.group_id
    )
    if entry is None:
        entry = QueueEntry(
            kind=matter.kind, subject_kind=matter.subject_kind, subject_id=matter.subject_id,
            group_id=matter.group_id, about_id=matter.about_id, urgency=matter.urgency,
            distressing=matter.distressing, version=version, opened_at=at, reports=0, outcome="",
        )  # fmt: skip
        session.add(entry)
        session.flush()
        log_step(session, entry, OPENED, None, at)
        if entry.urgency == CRISIS:
            announce(CrisisWaits(entry.id, at))
        return entry
    if matter.urgency == CRISIS != entry.urgency:
        announce(CrisisWaits(entry.id, at))
    entry.version = version
    entry.urgency = min(entry.urgency, matter.urgency)
    entry.distressing = entry.distressing or matter.distressing
    announce(QueueChanged(entry.id, version, OPENED, None, at))
    return entry


def settle(session: Session, entry: QueueEntry, outcome: str, at: datetime) -> None:
    """Close an entry because the facts have settled it."""
    change(session, entry, RESOLVED, None, at, resolved_at=at, outcome=outcome)


def change(
    session: Session, entry: QueueEntry, step: str, by_id: int | None, at: datetime,
    note: str = "", **changes: Any,
) -> None:  # fmt: skip
    """Change an entry under the queue's next version, and log the step."""
    version = take_turn(session)
    session.execute(
        update(QueueEntry)
        .where(QueueEntry.id == entry.id)
        .values(version=version, **changes)
        .execution_options(synchronize_session=False)
    )
    session.expire(entry)
    log_step(session, entry, step, by_id, at, note, version)


def log_step(
    session: Session, entry: QueueEntry, step: str, by_id: int | None, at: datetime,
    note: str = "", version: int | None = None,
) -> None:  # fmt: skip
    """Keep what was done, and announce it."""
    session.add(QueueStep(entry_id=entry.id, by_id=by_id, step=step, note=note, at=at))
    announce(QueueChanged(entry.id, version or entry.version, step, by_id, at))
