"""Reads of private notes between one person in a room and facilitators."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased
from sqlalchemy.types import Integer

from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core.db import at_most, current_connection
from forum.core.errors import NotFound
from forum.groups.models import Group
from forum.meetings.models import Meeting
from forum.meetings.room import policy as room_policy
from forum.meetings.room.models import PrivateNote

_ME = bindparam("me", type_=Integer)
_ID = bindparam("id", type_=Integer)
_about, _other = aliased(Account), aliased(PrivateNote)
_VISIBLE_NOTES = (
    select(
        PrivateNote.id,
        PrivateNote.about_id,
        _about.handle.label("about"),
        PrivateNote.author_id,
        Account.handle.label("author"),
        PrivateNote.body,
        PrivateNote.created_at,
        PrivateNote.meeting_id,
    )
    .join(Meeting, Meeting.id == PrivateNote.meeting_id)
    .join(Group, Group.id == Meeting.group_id)
    .join(Account, Account.id == PrivateNote.author_id)
    .join(_about, _about.id == PrivateNote.about_id)
    .where(room_policy.private_note_visible_to(_ME))
)
_NOTES_OF_MEETING = _VISIBLE_NOTES.where(PrivateNote.meeting_id == _ID).order_by(PrivateNote.id)
_UNTIL = (
    _VISIBLE_NOTES.join(
        _other,
        (_other.meeting_id == PrivateNote.meeting_id) & (_other.about_id == PrivateNote.about_id),
    )
    .where(_other.id == _ID, PrivateNote.id <= _ID)
    .order_by(PrivateNote.id.desc())
    .limit(at_most(5))
)


def private_notes_for(viewer_id: int, meeting_id: int) -> Sequence[Any]:
    """Return the private notes that the viewer may read, oldest first."""
    return (
        current_connection().execute(_NOTES_OF_MEETING, {"me": viewer_id, "id": meeting_id}).all()
    )


def private_notes_until(viewer: Viewer, note_id: int) -> Sequence[Any]:
    """Return a word and up to four before it on the same person's line, oldest first.

    Raises NotFound where the viewer may not read it, or it has vanished.
    """
    found = current_connection().execute(_UNTIL, {"me": viewer.id or 0, "id": note_id}).all()[::-1]
    if not found or found[-1].id != note_id:
        raise NotFound
    return found
