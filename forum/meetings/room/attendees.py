"""Steps about one person in one room: muted, sent out, let back in.

`moderation` has the verbs, which write each act into its log in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.errors import Conflict, NotFound
from forum.core.events import announce
from forum.core.translation import _
from forum.meetings.room import speaking_queue
from forum.meetings.room.attendance import presence_time
from forum.meetings.room.events import AttendeeModerated
from forum.meetings.room.lifecycle import room_locking
from forum.meetings.room.models import Attendance


@dataclass(frozen=True)
class Attendee:
    """Somebody's part in a room, held still until the transaction ends."""

    meeting_id: int
    account_id: int
    group_id: int
    state: str
    is_open: bool
    muted: bool
    removed: bool


def lock_attendee(session: Session, viewer: Viewer, meeting_id: int, account_id: int) -> Attendee:
    """Return somebody's part in a room to who facilitates it, open or not.

    Raises LoginNeeded, NotFound, Forbidden.
    """
    room = room_locking.lock_room_to_facilitate(session, viewer, meeting_id)
    part = session.execute(
        select(Attendance.muted_at, Attendance.removed_at).where(
            *_attendance_of(meeting_id, account_id)
        )
    ).one_or_none()
    if part is None:
        raise NotFound(_("This person hasn't been in the room."))
    return Attendee(
        meeting_id,
        account_id,
        room.group_id,
        room.state,
        room.is_open,
        part.muted_at is not None,
        part.removed_at is not None,
    )


def set_muted(session: Session, part: Attendee, by_id: int, *, muted: bool) -> None:
    """Let somebody listen only, or speak again. Raises Conflict where the room is not open."""
    _require_open(part, muted)
    if muted:
        speaking_queue.lower_hand(session, part.meeting_id, part.account_id)
    _update_attendance(
        session,
        part,
        by_id,
        "muted" if muted else "unmuted",
        muted_at=clock.now() if muted else None,
    )


def set_removed(session: Session, part: Attendee, by_id: int, *, removed: bool) -> None:
    """Send somebody out of the room, who hears nothing more of it, or let them back in.

    Raises Conflict where the room is not open.
    """
    _require_open(part, removed)
    now: datetime = clock.now()
    if not removed:
        _update_attendance(session, part, by_id, "let_back", removed_at=None)
        return
    presence_time.record_seen(session, part.meeting_id, [part.account_id], now)
    speaking_queue.lower_hand(session, part.meeting_id, part.account_id)
    _update_attendance(session, part, by_id, "removed", removed_at=now, left_at=now)


def _require_open(part: Attendee, restricts: bool) -> None:
    # To lift something afterwards is right: who was sent out reads a kept transcript then.
    if restricts and not part.is_open:
        raise Conflict(room_locking.NOT_OPEN[part.state], code="not_open")


def _update_attendance(
    session: Session, part: Attendee, by_id: int, how: str, **changes: Any
) -> None:
    session.execute(
        update(Attendance)
        .where(*_attendance_of(part.meeting_id, part.account_id))
        .values(**changes)
        .execution_options(synchronize_session=False)
    )
    announce(
        AttendeeModerated(part.meeting_id, part.group_id, part.account_id, by_id, how, clock.now())
    )


def _attendance_of(meeting_id: int, account_id: int) -> tuple[Any, ...]:
    return Attendance.meeting_id == meeting_id, Attendance.account_id == account_id
