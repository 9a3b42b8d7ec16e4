"""How long somebody was in a room, and what becomes of it when the meeting is over.

All steps belong inside `transaction()`, with the meeting locked.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from forum.core.events import announce
from forum.meetings.room.events import MeetingAttended
from forum.meetings.room.models import Attendance

GAP_BRIDGED = timedelta(minutes=2)
SEEN_EVERY = timedelta(seconds=15)
_MS = timedelta(milliseconds=1)
_ROW = (Attendance.meeting_id == bindparam("meeting"), Attendance.account_id == bindparam("who"))


def add_presence(present_ms: int, seen_at: datetime, at: datetime) -> int:
    """Return for how many milliseconds somebody was there, being seen again at `at`.

    A gap of up to two minutes, as of a lost line, counts; of a longer one nothing does.
    """
    gap = at - seen_at
    return present_ms + max(0, gap // _MS) if gap <= GAP_BRIDGED else present_ms


def record_arrival(
    session: Session, meeting_id: int, account_id: int, at: datetime, *, facilitates: bool
) -> None:
    """Note that somebody has come into the room, or is back."""
    row = session.get(Attendance, (meeting_id, account_id), populate_existing=True)
    if row is None:
        session.add(
            Attendance(
                meeting_id=meeting_id,
                account_id=account_id,
                facilitated=facilitates,
                joined_at=at,
                seen_at=at,
            )
        )
    else:
        row.present_ms = add_presence(row.present_ms, row.seen_at, at)
        row.seen_at, row.left_at = max(at, row.seen_at), None
        row.facilitated = row.facilitated or facilitates
    session.flush()


def record_seen(
    session: Session, meeting_id: int, account_ids: Collection[int], at: datetime
) -> None:
    """Note that these people, who are in the room, are still there."""
    rows = session.execute(
        select(Attendance.account_id, Attendance.present_ms, Attendance.seen_at).where(
            Attendance.meeting_id == meeting_id,
            Attendance.account_id.in_(sorted(account_ids)),
            Attendance.left_at.is_(None),
            Attendance.removed_at.is_(None),
            Attendance.seen_at < at,
        )
    ).all()
    if rows:
        session.connection().execute(
            update(Attendance).where(*_ROW).values(seen_at=at, present_ms=bindparam("ms")),
            [
                {
                    "meeting": meeting_id,
                    "who": row.account_id,
                    "ms": add_presence(row.present_ms, row.seen_at, at),
                }
                for row in rows
            ],
        )


def record_departure(session: Session, meeting_id: int, account_id: int, at: datetime) -> None:
    """Note that somebody has left the room; harmless for who is not in it."""
    record_seen(session, meeting_id, [account_id], at)
    session.execute(
        update(Attendance)
        .where(
            Attendance.meeting_id == meeting_id,
            Attendance.account_id == account_id,
            Attendance.left_at.is_(None),
        )
        .values(left_at=at)
        .execution_options(synchronize_session=False)
    )


def conclude_attendance(session: Session, meeting_id: int, group_id: int, at: datetime) -> None:
    """Close everybody's part in a meeting that is over, and announce it.

    A person seen less than two minutes before the end was there until the end.
    """
    present = select(Attendance.account_id).where(
        Attendance.meeting_id == meeting_id,
        Attendance.left_at.is_(None),
        Attendance.seen_at >= at - GAP_BRIDGED,
    )
    record_seen(session, meeting_id, session.scalars(present).all(), at)
    rows = select(Attendance).where(Attendance.meeting_id == meeting_id)
    for row in session.scalars(rows.execution_options(populate_existing=True)):
        row.left_at = row.left_at or row.seen_at
        row.draft_body = row.draft_content_note = ""
        announce(
            MeetingAttended(
                meeting_id,
                group_id,
                row.account_id,
                row.joined_at,
                row.left_at,
                round(row.present_ms / 60_000, 1),
                row.speaking_turns,
                row.word_count,
                at,
            )
        )
    session.flush()
