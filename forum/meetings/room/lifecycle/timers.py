"""What time does to meetings by itself: seen connections, due states, words that vanish."""

from collections.abc import Mapping, Set
from datetime import timedelta

from sqlalchemy import and_, bindparam, delete, or_, select

from forum.core import clock
from forum.core.db import UtcDateTime, current_session, transaction
from forum.core.errors import NotFound
from forum.core.events import announce
from forum.meetings.models import OPEN_STATES, OVER, SCHEDULED, Meeting
from forum.meetings.room.attendance import presence_time
from forum.meetings.room.attendance import queries as people_queries
from forum.meetings.room.events import RoomPeopleChanged, TranscriptDeleted
from forum.meetings.room.lifecycle import room_locking
from forum.meetings.room.models import Attendance, PrivateNote, RaisedHand, RoomMessage

_NO_SYNC = {"synchronize_session": False}


def record_connected(places: Mapping[int, Set[int]]) -> None:
    """Note who has a living connection to which room: account ids by meeting id.

    Each process of the server says this of its own connections, every few seconds.
    """
    for meeting_id, account_ids in places.items():
        now = clock.now()
        with transaction() as session:
            try:
                room_locking.lock_and_apply_due_changes(session, meeting_id, now)
            except NotFound:
                continue
            state = session.scalar(select(Meeting.state).where(Meeting.id == meeting_id))
            if state not in OPEN_STATES:
                continue
            presence_time.record_seen(session, meeting_id, account_ids, now)
            inside = select(Attendance.account_id).where(
                Attendance.meeting_id == meeting_id, Attendance.left_at.is_(None)
            )
            present = set(session.scalars(inside)) & account_ids
            if people_queries.who_facilitates(meeting_id, present):
                room_locking.record_facilitator_seen(session, meeting_id, now)


_DUE = select(Meeting.id).where(
    or_(
        Meeting.state.in_(OPEN_STATES),
        and_(Meeting.state == SCHEDULED, Meeting.ends_at <= bindparam("now", type_=UtcDateTime)),
    )
)


def update_due_meetings() -> None:
    """Let all meetings come into the states that time has brought, and forget who went silent."""
    now = clock.now()
    for meeting_id in current_session().scalars(_DUE, {"now": now}).all():
        with transaction() as session:
            room_locking.lock_and_apply_due_changes(session, meeting_id, now)
            gone = select(Attendance.account_id).where(
                Attendance.meeting_id == meeting_id,
                Attendance.seen_at < now - presence_time.GAP_BRIDGED,
            )
            lowered = session.execute(
                delete(RaisedHand)
                .where(RaisedHand.meeting_id == meeting_id, RaisedHand.account_id.in_(gone))
                .returning(RaisedHand.account_id)
                .execution_options(**_NO_SYNC)
            ).all()
            if lowered:
                announce(RoomPeopleChanged(meeting_id))


_ENDED = select(
    Meeting.id, Meeting.closed_at, Meeting.transcript_kept, Meeting.vanishes_after_hours
).where(
    Meeting.state == OVER,
    Meeting.closed_at.is_not(None),
    or_(
        and_(
            Meeting.transcript_kept.is_(False),
            select(RoomMessage.id).where(RoomMessage.meeting_id == Meeting.id).exists(),
        ),
        select(PrivateNote.id).where(PrivateNote.meeting_id == Meeting.id).exists(),
    ),
)


def delete_expired_transcripts() -> None:
    """Delete for good what was said where the transcript is not kept; attendance stays.

    Private notes are never kept longer than that.
    """
    now = clock.now()
    for row in current_session().execute(_ENDED).all():
        if row.closed_at + timedelta(hours=row.vanishes_after_hours) > now:
            continue
        with transaction() as session:
            for table in (PrivateNote,) if row.transcript_kept else (PrivateNote, RoomMessage):
                gone = delete(table).where(table.meeting_id == row.id)
                session.execute(gone.execution_options(**_NO_SYNC))
            announce(TranscriptDeleted(row.id, now))
