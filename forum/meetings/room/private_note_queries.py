"""Reads of the private line between one person in a room and those who facilitate."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased
from sqlalchemy.types import Integer

from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core.db import at_most
from forum.core.db.compiled_sql import Prepared
from forum.core.errors import NotFound
from forum.groups.models import Group
from forum.meetings.models import Meeting
from forum.meetings.room import policy as room_policy
from forum.meetings.room.models import RoomWord

_ME = bindparam("me", type_=Integer)
_ID = bindparam("id", type_=Integer)
_about, _other = aliased(Account), aliased(RoomWord)
_WORDS = (
    select(RoomWord.id, RoomWord.about_id, _about.handle.label("about"), RoomWord.author_id,
           Account.handle.label("author"), RoomWord.body, RoomWord.created_at,
           RoomWord.meeting_id)
    .join(Meeting, Meeting.id == RoomWord.meeting_id)
    .join(Group, Group.id == Meeting.group_id)
    .join(Account, Account.id == RoomWord.author_id)
    .join(_about, _about.id == RoomWord.about_id)
    .where(room_policy.word_visible_to(_ME))
)  # fmt: skip
_WORDS_HERE = Prepared(_WORDS.where(RoomWord.meeting_id == _ID).order_by(RoomWord.id))
_UNTIL = Prepared(
    _WORDS.join(_other, (_other.meeting_id == RoomWord.meeting_id)
                & (_other.about_id == RoomWord.about_id))
    .where(_other.id == _ID, RoomWord.id <= _ID)
    .order_by(RoomWord.id.desc())
    .limit(at_most(5))
)  # fmt: skip


def words_for(viewer_id: int, meeting_id: int) -> list[Any]:
    """Return what the viewer may read of the private line, oldest first."""
    return _WORDS_HERE.all(me=viewer_id, id=meeting_id)


def words_until(viewer: Viewer, word_id: int) -> list[Any]:
    """Return a word and up to four before it on the same person's line, oldest first.

    Raises NotFound where the viewer may not read it, or it has vanished.
    """
    found = _UNTIL.all(me=viewer.id or 0, id=word_id)[::-1]
    if not found or found[-1].id != word_id:
        raise NotFound
    return found
