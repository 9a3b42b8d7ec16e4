"""Who may read a room, and which of its messages: the one rule for every channel.

`may_read_room` needs Meeting joined with Group; a condition on messages needs RoomMessage, too. A
viewer id may be one person's or a column of accounts.
"""

from sqlalchemy import ColumnElement, and_, not_, or_
from sqlalchemy.orm import aliased

from forum.accounts.policy import ViewerId, row_exists
from forum.groups import policy as groups
from forum.meetings import policy
from forum.meetings.models import OVER, Meeting
from forum.meetings.room.models import Attendance, PrivateNote, RoomMessage

MESSAGE_MAX, CONTENT_NOTE_MAX, PRIVATE_NOTE_MAX = 2_000, 80, 500


def may_read_room(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Meeting, Group: was let into the room and not sent out of it since.

    What is kept after a meeting is for all members of the group.
    """
    kept = and_(Meeting.transcript_kept, Meeting.state == OVER)
    return and_(
        policy.visible_to(viewer_id),
        not_(_attended(viewer_id, removed=True)),
        or_(_attended(viewer_id, removed=False), policy.may_facilitate(viewer_id), kept),
    )


def visible_to(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on RoomMessage, Meeting, Group: the one rule for every channel that shows it."""
    return and_(may_see_unless_hidden(viewer_id), is_not_hidden_from(viewer_id))


def may_see_unless_hidden(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: would see the message unless it is hidden."""
    return and_(may_read_room(viewer_id), groups.meets(viewer_id, RoomMessage.author_id))


def is_not_hidden_from(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: not hidden, or the viewer is its author or facilitates."""
    return or_(
        RoomMessage.hidden_at.is_(None),
        RoomMessage.author_id == viewer_id,
        policy.may_facilitate(viewer_id),
    )


def private_note_visible_to(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on RoomWord, Meeting, Group: facilitators, and the person themselves."""
    return and_(
        policy.visible_to(viewer_id),
        or_(PrivateNote.about_id == viewer_id, policy.may_facilitate(viewer_id)),
    )


def _attended(viewer_id: ViewerId, *, removed: bool) -> ColumnElement[bool]:
    place = aliased(Attendance)
    return row_exists(
        place,
        place.account_id == viewer_id,
        place.meeting_id == Meeting.id,
        place.removed_at.is_not(None) if removed else place.removed_at.is_(None),
    )
