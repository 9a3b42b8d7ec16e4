"""Steps that the verbs of a room share: locking it, and bringing it up to the present moment."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.types import Integer

from forum.accounts.policy import Viewer, member_id
from forum.core import clock
from forum.core.errors import Conflict, Forbidden, NotFound
from forum.core.events import announce
from forum.core.translation import _, lazy
from forum.meetings.events import MeetingStateChanged
from forum.meetings.models import CANCELLED, CLOSING, DOORS_OPEN, OVER, RUNNING, SCHEDULED, Meeting
from forum.meetings.room import queries as room_queries
from forum.meetings.room.attendance import presence_time
from forum.meetings.room.lifecycle import state_machine
from forum.meetings.room.lifecycle.state_machine import Change, MeetingStatus
from forum.meetings.room.models import RaisedHand
from forum.meetings.room.queries import RoomView

NOT_OPEN = {
    OVER: lazy("This meeting is over."),
    CANCELLED: lazy("This meeting was cancelled."),
    SCHEDULED: lazy("The room isn't open yet. It opens when a facilitator arrives."),
}


def lock_room(session: Session, viewer: Viewer, meeting_id: int) -> RoomView:
    """Return a room as it is at this moment, locked until the transaction's end.

    Raises NotFound and Forbidden as `queries.room_for` does.
    """
    lock_and_apply_due_changes(session, meeting_id, clock.now())
    return room_queries.room_for(viewer, meeting_id)


def status_of(room: RoomView) -> MeetingStatus:
    """Return a meeting's state, for the rules of time."""
    return _status(room)


_MEETING = bindparam("meeting", type_=Integer)
_LOCK = (
    select(
        Meeting.group_id,
        Meeting.state,
        Meeting.starts_at,
        Meeting.ends_at,
        Meeting.facilitator_seen_at,
        Meeting.closing_at,
        Meeting.ended_because,
    )
    .where(Meeting.id == _MEETING)
    .with_for_update()
)


def lock_and_apply_due_changes(session: Session, meeting_id: int, now: datetime) -> None:
    """Lock a meeting, and let it come into the states that time has brought. Raises NotFound."""
    row = session.execute(_LOCK, {"meeting": meeting_id}).one_or_none()
    if row is None:
        raise NotFound
    _, passed = state_machine.changes_until(_status(row), now)
    for change in passed:
        enter_state(session, meeting_id, row.group_id, change)


def enter_state(session: Session, meeting_id: int, group_id: int, change: Change) -> None:
    """Bring a locked meeting into another state, with all that belongs to it."""
    values: dict[str, Any] = {"state": change.state, "ended_because": change.because}
    if change.state == SCHEDULED:
        values["opened_at"] = None
    elif change.state == CLOSING:
        values["closing_at"] = change.at
    elif change.state in {DOORS_OPEN, RUNNING}:
        values |= {"closing_at": None, "opened_at": func.coalesce(Meeting.opened_at, change.at)}
    elif change.state == OVER:
        values["closed_at"] = change.at
        session.execute(delete(RaisedHand).where(RaisedHand.meeting_id == meeting_id))
        if change.because != state_machine.NOT_HELD:
            presence_time.conclude_attendance(session, meeting_id, group_id, change.at)
    update_meeting(session, meeting_id, **values)
    announce(MeetingStateChanged(meeting_id, group_id, change.state, change.because, change.at))


def record_facilitator_seen(session: Session, meeting_id: int, at: datetime) -> None:
    """Note that a facilitator is in a locked, open room."""
    update_meeting(session, meeting_id, facilitator_seen_at=at)


def update_meeting(session: Session, meeting_id: int, **values: Any) -> None:
    """Set columns of a locked meeting, which is sent whole: its version counts messages alone."""
    session.execute(
        update(Meeting)
        .where(Meeting.id == meeting_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


_NEXT_VERSION = (
    update(Meeting)
    .where(Meeting.id == _MEETING)
    .values(version=Meeting.version + 1)
    .returning(Meeting.version)
    .execution_options(synchronize_session=False)
)


def next_version(session: Session, meeting_id: int) -> int:
    """Count one more change to what is said in a meeting, and return the count."""
    return session.execute(_NEXT_VERSION, {"meeting": meeting_id}).scalar_one()


def lock_open_room(session: Session, viewer: Viewer, meeting_id: int) -> RoomView:
    """Return a locked room that is open, and which the viewer is in.

    Raises Conflict when it is not open, LoginNeeded, NotFound, Forbidden.
    """
    member_id(viewer)
    room = lock_room(session, viewer, meeting_id)
    require_attending(room)
    return room


def require_attending(room: RoomView) -> None:
    """Raise Conflict where a room is not open, and Forbidden for who is not in it."""
    if not room.is_open:
        raise Conflict(NOT_OPEN[room.state], code="not_open")
    if room.removed_at is not None:
        raise Forbidden(REMOVED, code="removed")
    if room.joined_at is None or room.left_at is not None:
        raise Forbidden(_("Come into the room first."), code="not_inside")


REMOVED = lazy(
    "A facilitator has removed you from this meeting. "
    "You can still use the group's threads and come to its other meetings."
)


def lock_open_room_to_facilitate(session: Session, viewer: Viewer, meeting_id: int) -> RoomView:
    """Return a locked, open room to a facilitator. Raises as `open_room`, Forbidden."""
    room = lock_room_to_facilitate(session, viewer, meeting_id)
    if not room.is_open:
        raise Conflict(NOT_OPEN[room.state], code="not_open")
    return room


def lock_room_to_facilitate(session: Session, viewer: Viewer, meeting_id: int) -> RoomView:
    """Return a locked room, open or not, to a facilitator.

    Raises LoginNeeded, NotFound, Forbidden.
    """
    member_id(viewer)
    room = lock_room(session, viewer, meeting_id)
    if not room.facilitates:
        raise Forbidden(_("Only the group's facilitators can do this."), code="not_yours")
    return room


def _status(meeting: Any) -> MeetingStatus:
    return MeetingStatus(
        state=meeting.state,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        facilitator_seen_at=meeting.facilitator_seen_at,
        closing_at=meeting.closing_at,
        because=meeting.ended_because,
    )
