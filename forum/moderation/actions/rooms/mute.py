"""Letting somebody only listen in one meeting."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core.translation import lazy
from forum.meetings.room import attendees
from forum.meetings.room.models import Attendance
from forum.moderation.actions.action import State, Switch
from forum.moderation.actions.role_ranks import FACILITATOR
from forum.moderation.actions.targets import ROOM, Target


class MuteInRoom(Switch):
    """Let somebody read what is said in a meeting, and not write."""

    name = "room_mute"
    label = lazy("Mute")
    done = lazy("Someone was muted in a room")
    about = lazy("They can follow this meeting, but can't write in it.")
    on = ROOM
    least = FACILITATOR
    position = 30
    field = "muted"

    def state(self, session: Session, target: Target) -> State:
        """Return whether it is so."""
        since = select(Attendance.muted_at).where(
            Attendance.meeting_id == target.id, Attendance.account_id == target.person_id
        )
        return {"muted": session.scalar(since) is not None}

    def put(
        self, session: Session, viewer: Viewer, target: Target, wanted: State, reason: str
    ) -> None:
        """Change it. Raises Conflict where the room is not open for that."""
        person = attendees.lock_attendee(session, viewer, target.id, target.person_id or 0)
        attendees.set_muted(session, person, member_id(viewer), muted=wanted["muted"])
