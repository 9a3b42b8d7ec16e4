"""What actions in a meeting's room are about: a message, or one person's part in the meeting."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core.errors import NotFound
from forum.meetings.room import attendees as room_people
from forum.meetings.room.messages import service as messages
from forum.meetings.room.models import Attendance, RoomMessage
from forum.moderation.actions.content_actions import ROOM
from forum.moderation.queue.models import ROOM_MESSAGE

KINDS = {ROOM_MESSAGE, ROOM}
GONE = "This is not there any longer. What is said in a room vanishes after some time."


def find(
    session: Session, viewer: Viewer, kind: str, target_id: int, person_id: int | None
) -> tuple[int, int | None]:
    """Return the group and the person of what somebody who facilitates actions on.

    Raises NotFound, Forbidden, Conflict.
    """
    if kind == ROOM:
        part = room_people.lock_attendee(session, viewer, target_id, person_id or 0)
        return part.group_id, part.account_id
    try:
        room, message = messages.lock_message_to_moderate(session, viewer, target_id)
    except NotFound:
        raise NotFound(GONE) from None
    return room.group_id, message.author_id


def state(session: Session, field: str, target_id: int, person_id: int | None) -> bool:
    """Return whether a message is hidden, or somebody muted in a room or sent out of it."""
    if field == "hidden":
        asked = select(RoomMessage.hidden_at).where(RoomMessage.id == target_id)
    else:
        column = Attendance.muted_at if field == "muted" else Attendance.removed_at
        asked = select(column).where(
            Attendance.meeting_id == target_id, Attendance.account_id == person_id
        )
    return session.scalar(asked) is not None


def put(
    session: Session,
    viewer: Viewer,
    field: str,
    target_id: int,
    person_id: int | None,
    wanted: bool,
) -> None:
    """Bring it to what is wanted. Raises Conflict where the room is not open for that."""
    if field == "hidden":
        messages.set_hidden(session, viewer, target_id, hidden=wanted)
        return
    part = room_people.lock_attendee(session, viewer, target_id, person_id or 0)
    if field == "muted":
        room_people.set_muted(session, part, member_id(viewer), muted=wanted)
    else:
        room_people.set_removed(session, part, member_id(viewer), removed=wanted)
