"""Sending somebody out of one meeting."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core.translation import lazy
from forum.meetings.room import attendees
from forum.meetings.room.models import Attendance
from forum.moderation.actions.action import State, Switch
from forum.moderation.actions.role_ranks import FACILITATOR
from forum.moderation.actions.targets import ROOM, Target


class RemoveFromRoom(Switch):
    """Send somebody out of a meeting's room."""

    name = "room_remove"
    label = lazy("Remove from the room")
    done = lazy("Someone was removed from a room")
    about = lazy("They leave this meeting, and can't come back to it.")
    on = ROOM
    least = FACILITATOR
    position = 50
    field = "removed"

    def state(self, session: Session, target: Target) -> State:
        """Return whether it is so."""
        since = select(Attendance.removed_at).where(
            Attendance.meeting_id == target.id, Attendance.account_id == target.person_id
        )
        return {"removed": session.scalar(since) is not None}

    def put(
        self, session: Session, viewer: Viewer, target: Target, wanted: State, reason: str
    ) -> None:
        """Change it. Raises Conflict where the room is not open for that."""
        person = attendees.lock_attendee(session, viewer, target.id, target.person_id or 0)
        attendees.set_removed(session, person, member_id(viewer), removed=wanted["removed"])
