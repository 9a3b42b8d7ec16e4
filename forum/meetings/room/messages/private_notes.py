"""Writing a private note to facilitators, or answering one."""

from forum.accounts.policy import Viewer, member_id
from forum.core import clock, text
from forum.core.db import transaction
from forum.core.errors import Forbidden, NotFound
from forum.core.events import announce
from forum.core.translation import _
from forum.meetings.room import policy as room_policy
from forum.meetings.room.events import PrivateNoteSent
from forum.meetings.room.lifecycle import room_locking
from forum.meetings.room.models import Attendance, PrivateNote


def send_private_note(
    viewer: Viewer, meeting_id: int, *, body: str = "", to: int | None = None
) -> int:
    """Say something to facilitators alone, or answer someone who did (`to`).

    Nothing written asks for a private talk. Raises Invalid, LoginNeeded, NotFound, Forbidden,
    Conflict.
    """
    author_id, now = member_id(viewer), clock.now()
    body = text.checked(
        body, "private_note", most=room_policy.PRIVATE_NOTE_MAX, name=_("Your message")
    )
    with transaction() as session:
        room = room_locking.lock_open_room(session, viewer, meeting_id)
        about_id = author_id
        if to is not None and to != author_id:
            if not room.facilitates:
                raise Forbidden(_("You can only write to the facilitators here."), code="not_yours")
            if session.get(Attendance, (meeting_id, to)) is None:
                raise NotFound
            about_id = to
        said = PrivateNote(
            meeting_id=meeting_id,
            about_id=about_id,
            author_id=author_id,
            body=body or _("I'd like to talk privately."),
            created_at=now,
        )
        session.add(said)
        session.flush()
        announce(PrivateNoteSent(said.id, meeting_id, room.group_id, about_id, author_id, now))
        return said.id
