"""Reads about what is said in a room, each through the conditions of policy."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, case, func, select, true
from sqlalchemy.types import Integer

from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core.db import AnyRow, at_most, current_connection, current_session
from forum.core.db.id_lists import id_list
from forum.core.errors import NotFound
from forum.groups.membership import hidden_content_access
from forum.groups.models import Group
from forum.meetings.models import Meeting
from forum.meetings.room import policy as room_policy
from forum.meetings.room.models import RoomMessage

MESSAGES_A_PAGE = 200
FIRST_VERSION = 1  # what a meeting's count begins with
_ME, _ID = bindparam("me", type_=Integer), bindparam("id", type_=Integer)


_MESSAGES = (
    select(RoomMessage)
    .join(Meeting, Meeting.id == RoomMessage.meeting_id)
    .join(Group, Group.id == Meeting.group_id)
    .outerjoin(Account, Account.id == RoomMessage.author_id)
)
# Why others do not see a message, for `hidden_content_access`; what was taken back holds no words.
_HIDDEN_REASON = case(
    (RoomMessage.deleted_at.is_not(None), ""),
    (RoomMessage.hidden_at.is_not(None), hidden_content_access.HIDDEN),
    else_="",
).label("unseen")
_MESSAGE_REFS = _MESSAGES.with_only_columns(
    RoomMessage.id,
    RoomMessage.number,
    RoomMessage.version,
    RoomMessage.author_id,
    Account.handle,
    RoomMessage.meeting_id,
    RoomMessage.content_note,
    _HIDDEN_REASON,
    func.octet_length(RoomMessage.html).label("size"),
)
_OF_MEETING = RoomMessage.meeting_id == _ID
_LAST = (
    _MESSAGE_REFS.where(_OF_MEETING, room_policy.visible_to(_ME))
    .order_by(RoomMessage.number.desc())
    .limit(at_most(MESSAGES_A_PAGE))
)
_BEFORE = (
    _MESSAGE_REFS.where(
        _OF_MEETING,
        RoomMessage.number < bindparam("before", type_=Integer),
        room_policy.visible_to(_ME),
    )
    .order_by(RoomMessage.number.desc())
    .limit(at_most(MESSAGES_A_PAGE))
)


def last_messages(viewer: Viewer, meeting_id: int, before: int | None = None) -> Sequence[Any]:
    """Return the last 200 messages that the viewer may see, oldest first; `before` a number."""
    who = {"me": viewer.id or 0, "id": meeting_id}
    rows = (
        current_connection().execute(_LAST, who).all()
        if before is None
        else current_connection().execute(_BEFORE, {**who, "before": before}).all()
    )
    return rows[::-1]


_AFTER = (
    _MESSAGE_REFS.add_columns(room_policy.is_not_hidden_from(_ME).label("shown"))
    .where(
        _OF_MEETING,
        RoomMessage.version > bindparam("after", type_=Integer),
        room_policy.may_see_unless_hidden(_ME),
    )
    .order_by(RoomMessage.version)
    .limit(bindparam("most", type_=Integer))
)


def changes_after(viewer: Viewer, meeting_id: int, after: int, most: int) -> Sequence[Any]:
    """Return the messages that changed after a version, oldest change first, at most `most`.

    `size` is in bytes; `shown` is False where a message is hidden from this viewer.
    """
    return (
        current_connection()
        .execute(_AFTER, {"me": viewer.id or 0, "id": meeting_id, "after": after, "most": most})
        .all()
    )


_LAST_VERSION = (
    _MESSAGES.with_only_columns(RoomMessage.version)
    .where(_OF_MEETING, room_policy.may_see_unless_hidden(_ME))
    .order_by(RoomMessage.version.desc())
    .limit(at_most(1))
)


def last_version(viewer: Viewer, meeting_id: int) -> int:
    """Return the version of a room's last change of which the viewer may know.

    It comes from what they may know alone: in the room's own count, a gap would tell them that
    somebody whom they do not meet has taken something back.
    """
    row = (
        current_connection()
        .execute(_LAST_VERSION, {"me": viewer.id or 0, "id": meeting_id})
        .first()
    )
    return row.version if row else FIRST_VERSION


_CONTENT = _MESSAGES.with_only_columns(
    RoomMessage.id,
    RoomMessage.meeting_id,
    RoomMessage.number,
    RoomMessage.version,
    RoomMessage.author_id,
    Account.handle.label("author"),
    RoomMessage.html,
    RoomMessage.renderer,
    RoomMessage.content_note,
    RoomMessage.created_at,
    RoomMessage.hidden_at.is_not(None).label("hidden"),
    RoomMessage.deleted_at.is_not(None).label("deleted"),
).where(RoomMessage.id.in_(bindparam("ids", expanding=True)))


def contents(message_ids: Collection[int]) -> Sequence[AnyRow]:
    """Return what fragments are made of; the caller has checked who may see."""
    return current_connection().execute(_CONTENT, {"ids": list(message_ids)}).all()


def body_of(message_id: int) -> str:
    """Return the source of a message; the caller has checked who may see it."""
    return (
        current_session()
        .scalars(select(RoomMessage.body).where(RoomMessage.id == message_id))
        .one()
    )


_MESSAGE_REF = _MESSAGE_REFS.where(RoomMessage.id == _ID)


def message_ref(message_id: int) -> Any:
    """Return a message for policies that decide who sees it; None when it has vanished.

    Columns: id, number, version, author_id, handle, meeting_id, content_note, unseen.
    """
    return current_connection().execute(_MESSAGE_REF, {"id": message_id}).first()


_VISIBLE_MESSAGE = _MESSAGES.with_only_columns(
    RoomMessage.id,
    RoomMessage.meeting_id,
    Meeting.group_id,
    RoomMessage.number,
    RoomMessage.author_id,
    Account.handle.label("author"),
    RoomMessage.hidden_at,
    RoomMessage.deleted_at,
).where(RoomMessage.id == _ID, room_policy.visible_to(_ME))


def message_for(viewer: Viewer, message_id: int) -> Any:
    """Return a message that the viewer may see. Raises NotFound."""
    row = (
        current_connection()
        .execute(_VISIBLE_MESSAGE, {"me": viewer.id or 0, "id": message_id})
        .first()
    )
    if row is None:
        raise NotFound
    return row


_MESSAGES_UNTIL = (
    _MESSAGES.with_only_columns(
        RoomMessage.id,
        RoomMessage.author_id,
        Account.handle.label("author"),
        RoomMessage.body,
        RoomMessage.content_note,
        RoomMessage.created_at.label("said_at"),
        _HIDDEN_REASON,
    )
    .where(
        _OF_MEETING,
        RoomMessage.number <= bindparam("until", type_=Integer),
        RoomMessage.deleted_at.is_(None),
        room_policy.visible_to(_ME),
    )
    .order_by(RoomMessage.number.desc())
    .limit(bindparam("most", type_=Integer))
)


def messages_until(viewer: Viewer, message: Any, before: int) -> Sequence[Any]:
    """Return a message of `message_for` and up to `before` earlier ones, oldest first."""
    found = (
        current_connection()
        .execute(
            _MESSAGES_UNTIL,
            {
                "me": viewer.id or 0,
                "id": message.meeting_id,
                "until": message.number,
                "most": before + 1,
            },
        )
        .all()
    )
    return found[::-1]


_AMONG = id_list("among")
_WHO_SEES = (
    select(Account.id, room_policy.is_not_hidden_from(Account.id).label("shown"))
    .select_from(RoomMessage)
    .join(Meeting, Meeting.id == RoomMessage.meeting_id)
    .join(Group, Group.id == Meeting.group_id)
    .join(_AMONG, true())
    .join(Account, Account.id == _AMONG.c.value)
    .where(RoomMessage.id == _ID, room_policy.may_see_unless_hidden(Account.id))
)


def who_sees(message_id: int, among: Collection[int]) -> tuple[set[int], set[int]]:
    """Of some accounts, return who may see a message, and who could but for its being hidden."""
    seeing: set[int] = set()
    missing: set[int] = set()
    rows = current_connection().execute(_WHO_SEES, {"id": message_id, "among": among}).all()
    for account, shown in rows:
        (seeing if shown else missing).add(account)
    return seeing, missing
