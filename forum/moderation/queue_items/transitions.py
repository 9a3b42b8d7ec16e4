"""The steps that the verbs of the queue are made of; all run inside their transaction.

Each verb takes its turn first: the counter's row stays locked until the end, so two people who act
in the same second come one after the other, and versions become visible in their order.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, select, update

# Both databases understand this dialect's ON CONFLICT; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.errors import Conflict, NotFound
from forum.core.events import announce
from forum.core.translation import _
from forum.groups.models import Group
from forum.moderation.queue_items.events import CrisisAlertRaised, QueueItemChanged
from forum.moderation.queue_items.models import (
    HANDED_OVER,
    OPENED,
    RESOLVED,
    QueueCounter,
    QueueItem,
    QueueTransition,
)
from forum.moderation.queue_items.policy import CRISIS, visible_to

_COUNTER = cast("Table", QueueCounter.__table__)


@dataclass(frozen=True)
class NewItem:
    """Something that wants a human."""

    kind: str
    target_kind: str
    target_id: int
    group_id: int | None
    about_id: int | None
    urgency: int
    distressing: bool = False


def lock_queue(session: Session) -> int:
    """Count one more change of the queue, and return the count; others wait until the end."""
    counted = (
        insert(_COUNTER)
        .values(id=1, version=1)
        .on_conflict_do_update(index_elements=["id"], set_={"version": _COUNTER.c.version + 1})
        .returning(_COUNTER.c.version)
    )
    return int(session.execute(counted).scalar_one())


def visible_item(session: Session, viewer: Viewer, item_id: int) -> QueueItem:
    """Return an item that the viewer may handle. Raises NotFound."""
    item = session.scalar(
        select(QueueItem)
        .outerjoin(Group, Group.id == QueueItem.group_id)
        .where(QueueItem.id == item_id, visible_to(viewer.sql_id()))
    )
    if item is None:
        raise NotFound
    return item


def lock_open_item(session: Session, viewer: Viewer, item_id: int) -> QueueItem:
    """Return an item that the viewer may handle, with the queue's turn taken.

    Raises NotFound, and Conflict for one that is resolved.
    """
    lock_queue(session)
    item = visible_item(session, viewer, item_id)
    if item.resolved_at is not None:
        raise Conflict(_("Someone has resolved this in the meantime."), code="resolved")
    return item


def open_item_of(
    session: Session, kind: str, target_kind: str, target_id: int, group_id: int | None
) -> QueueItem | None:
    """Return the item about this thing that nobody has resolved yet."""
    return session.scalar(
        select(QueueItem).where(
            QueueItem.kind == kind,
            QueueItem.target_kind == target_kind,
            QueueItem.target_id == target_id,
            QueueItem.group_id.is_not_distinct_from(group_id),
            QueueItem.resolved_at.is_(None),
        )
    )


def add_item(session: Session, new: NewItem, at: datetime) -> QueueItem:
    """Bring something to the queue; what waits there already becomes no less urgent."""
    version = lock_queue(session)
    item = open_item_of(session, new.kind, new.target_kind, new.target_id, new.group_id)
    if item is None:
        item = QueueItem(
            kind=new.kind,
            target_kind=new.target_kind,
            target_id=new.target_id,
            group_id=new.group_id,
            about_id=new.about_id,
            urgency=new.urgency,
            distressing=new.distressing,
            version=version,
            opened_at=at,
            reports=0,
            outcome="",
        )
        session.add(item)
        session.flush()
        log_transition(session, item, OPENED, None, at)
        if item.urgency == CRISIS:
            announce(CrisisAlertRaised(item.id, at))
        return item
    rises = new.urgency == CRISIS != item.urgency
    item.version = version
    item.urgency = min(item.urgency, new.urgency)
    item.distressing = item.distressing or new.distressing
    session.flush()
    announce(QueueItemChanged(item.id, version, OPENED, None, at))
    if rises:
        announce(CrisisAlertRaised(item.id, at))
    return item


def raise_urgency(session: Session, item: QueueItem, urgency: int, at: datetime) -> None:
    """Make an item that waits at least so urgent."""
    if item.urgency > urgency:
        item.urgency, item.version = urgency, lock_queue(session)
        session.flush()
        announce(QueueItemChanged(item.id, item.version, OPENED, None, at))


def resolve_by_facts(session: Session, item: QueueItem, outcome: str, at: datetime) -> None:
    """Close an item because the facts have settled it."""
    change_item(session, item, RESOLVED, None, at, resolved_at=at, outcome=outcome)


def change_item(
    session: Session,
    item: QueueItem,
    transition: str,
    by_id: int | None,
    at: datetime,
    note: str = "",
    **changes: Any,
) -> None:
    """Change an item under the queue's next version, and log the step."""
    version = lock_queue(session)
    session.execute(
        update(QueueItem)
        .where(QueueItem.id == item.id)
        .values(version=version, **changes)
        .execution_options(synchronize_session=False)
    )
    session.expire(item)
    log_transition(session, item, transition, by_id, at, note, version)


def log_transition(
    session: Session,
    item: QueueItem,
    transition: str,
    by_id: int | None,
    at: datetime,
    note: str = "",
    version: int | None = None,
) -> None:
    """Keep what was done, and announce it."""
    session.add(
        QueueTransition(item_id=item.id, by_id=by_id, transition=transition, note=note, at=at)
    )
    announce(QueueItemChanged(item.id, version or item.version, transition, by_id, at))


def release_claims(
    session: Session, account_id: int, note: str, group_id: int | None = None
) -> int:
    """Give back everything that somebody has claimed, in one group or all; return how much."""
    lock_queue(session)
    held = select(QueueItem).where(
        QueueItem.claimed_by_id == account_id, QueueItem.resolved_at.is_(None)
    )
    if group_id is not None:
        held = held.where(QueueItem.group_id == group_id)
    items = session.scalars(held.order_by(QueueItem.id)).all()
    for item in items:
        change_item(
            session,
            item,
            HANDED_OVER,
            account_id,
            clock.now(),
            note,
            claimed_by_id=None,
            claimed_at=None,
        )
    return len(items)
