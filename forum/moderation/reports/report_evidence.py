"""What an open report keeps of words that may vanish before somebody looks: little, and not long.

Of a room, the message that was reported and up to four before it are copied when it is reported,
and its author cannot take it back before a review; of a care message its words, which go with the
account of the person who got it. Of a private message, which may vanish, also the three nearest to
it that both people still have, and no others when it is reported or opened again. Only who may see
the item sees them, and they go when it is resolved, or after 90 days. When it is opened again, what
is still there is kept again, except of private messages.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, literal, select

# Both databases understand this dialect's ON CONFLICT DO NOTHING; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core.db import AnyRow, at_most, current_session
from forum.groups import policy as groups
from forum.groups.membership import hidden_content_access
from forum.groups.models import Group
from forum.meetings.room.models import RoomMessage
from forum.messages import policy as private_messages
from forum.messages.models import MessageRemoval, Participant, PrivateMessage
from forum.moderation.queue_items import policy as queue_policy
from forum.moderation.queue_items.models import (
    CARE_MESSAGE,
    PRIVATE_MESSAGE,
    ROOM_MESSAGE,
    QueueItem,
)
from forum.moderation.reports.models import ReportEvidence
from forum.safety.models import CareMessage

BEFORE = 4
AROUND = 3
KEPT_AT_MOST = timedelta(days=90)
_AS_GIVEN = {"synchronize_session": False}


def keep_evidence(session: Session, item: QueueItem) -> None:
    """Keep what a report is about, if that may vanish; what is kept stays as it is."""
    if item.target_kind == ROOM_MESSAGE:
        rows = _room_messages(session, item.target_id)
    elif item.target_kind == CARE_MESSAGE:
        rows = _care_message(session, item.target_id)
    elif item.target_kind == PRIVATE_MESSAGE and not _is_kept(session, item.id):
        rows = _private_messages(session, item.target_id)
    else:
        return
    kept = [{"item_id": item.id, **row._mapping} for row in rows]
    if kept:
        session.execute(insert(ReportEvidence).on_conflict_do_nothing(), kept)


def _room_messages(session: Session, message_id: int) -> Sequence[AnyRow]:
    meant = session.get(RoomMessage, message_id, populate_existing=True)
    if meant is None or meant.deleted_at is not None:
        return ()
    return session.execute(
        select(
            RoomMessage.id.label("message_id"),
            RoomMessage.author_id,
            RoomMessage.body,
            RoomMessage.content_note,
            RoomMessage.created_at.label("sent_at"),
        )
        .where(
            RoomMessage.meeting_id == meant.meeting_id,
            RoomMessage.number <= meant.number,
            RoomMessage.deleted_at.is_(None),
        )
        .order_by(RoomMessage.number.desc())
        .limit(at_most(BEFORE + 1))
    ).all()


def keep_evidence_again(session: Session, item: QueueItem) -> None:
    """Keep it once more for an item that is open again; of private messages once is enough."""
    if item.target_kind != PRIVATE_MESSAGE:
        keep_evidence(session, item)


def _is_kept(session: Session, item_id: int) -> bool:
    kept = exists().where(ReportEvidence.item_id == item_id)
    return bool(session.scalar(select(kept)))


def _private_messages(session: Session, message_id: int) -> Sequence[AnyRow]:
    meant = session.get(PrivateMessage, message_id, populate_existing=True)
    if meant is None or meant.deleted_at is not None:
        return ()
    cleared = select(func.max(Participant.cleared_number)).where(
        Participant.conversation_id == meant.conversation_id
    )
    distance = func.abs(PrivateMessage.number - meant.number)
    return session.execute(
        select(
            PrivateMessage.id.label("message_id"),
            PrivateMessage.author_id,
            PrivateMessage.body,
            PrivateMessage.content_note,
            PrivateMessage.created_at.label("sent_at"),
        )
        .where(
            PrivateMessage.conversation_id == meant.conversation_id,
            PrivateMessage.number > cleared.scalar_subquery(),
            PrivateMessage.deleted_at.is_(None),
            private_messages.is_still_there(),
            ~exists().where(MessageRemoval.message_id == PrivateMessage.id),
        )
        .order_by(distance, PrivateMessage.number)
        .limit(at_most(AROUND + 1))
    ).all()


def _care_message(session: Session, note_id: int) -> Sequence[AnyRow]:
    return session.execute(
        select(
            CareMessage.id.label("message_id"),
            CareMessage.author_id,
            CareMessage.body,
            literal("").label("content_note"),
            CareMessage.created_at.label("sent_at"),
        ).where(CareMessage.id == note_id, CareMessage.author_id.is_not(None))
    ).all()


def delete_evidence(session: Session, item_id: int) -> None:
    """Delete for good what an item has kept."""
    gone = delete(ReportEvidence).where(ReportEvidence.item_id == item_id)
    session.execute(gone.execution_options(**_AS_GIVEN))


def delete_old(session: Session, now: datetime) -> None:
    """Delete what has been kept for 90 days, though nobody has seen to the report."""
    items = select(QueueItem.id).where(QueueItem.opened_at < now - KEPT_AT_MOST)
    old = delete(ReportEvidence).where(ReportEvidence.item_id.in_(items))
    session.execute(old.execution_options(**_AS_GIVEN))


def evidence_of(viewer: Viewer, item_id: int) -> list[Any]:
    """Return what an item keeps, as far as its viewer meets the authors, oldest first."""
    me = viewer.sql_id()
    return list(
        current_session()
        .execute(
            select(
                ReportEvidence.message_id.label("id"),
                ReportEvidence.author_id,
                Account.handle.label("author"),
                ReportEvidence.body,
                ReportEvidence.content_note,
                ReportEvidence.sent_at.label("said_at"),
                literal(hidden_content_access.EVIDENCE).label("unseen"),
            )
            .join(QueueItem, QueueItem.id == ReportEvidence.item_id)
            .outerjoin(Group, Group.id == QueueItem.group_id)
            .outerjoin(Account, Account.id == ReportEvidence.author_id)
            .where(
                ReportEvidence.item_id == item_id,
                queue_policy.visible_to(me),
                groups.meets(me, ReportEvidence.author_id),
            )
            .order_by(ReportEvidence.message_id)
        )
        .all()
    )
