"""Reads about a meeting's room. Statements are prepared once and select columns, not objects."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, func, select
from sqlalchemy.types import Integer

from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.accounts.preferences import content_note_preferences
from forum.core.db import AnyRow, at_most, connection, reading
from forum.core.db.compiled_sql import Prepared
from forum.core.errors import NotFound
from forum.groups.membership import hidden_content_access
from forum.groups.models import Group, Membership
from forum.meetings import policy
from forum.meetings.lifecycle.state_machine import Phase
from forum.meetings.models import OPEN_STATES, Meeting
from forum.meetings.room import policy as room_policy
from forum.meetings.room.models import Attendance, RoomMessage

MESSAGES_A_PAGE = 200
NOTHING_SAID = 1  # what a meeting's count begins with
_ME, _ID = bindparam("me", type_=Integer), bindparam("id", type_=Integer)


@dataclass(frozen=True)
class RoomView:
    """A meeting as one viewer meets it; what is about their own part is None before they came."""

    id: int
    group_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    room_size: int
    transcript_kept: bool
    vanishes_after_hours: int
    greeting: str
    turns_only: bool
    slow_mode_s: int
    state: str
    version: int
    opened_at: datetime | None
    closed_at: datetime | None
    closing_at: datetime | None
    facilitator_seen_at: datetime | None
    ended_because: str
    group_slug: str
    group_name: str
    facilitates: bool
    hears: bool
    joined_at: datetime | None
    seen_at: datetime | None
    left_at: datetime | None
    said_at: datetime | None
    muted_at: datetime | None
    removed_at: datetime | None
    draft_body: str | None
    draft_note: str | None
    silenced_until: datetime | None
    silenced_because: str | None
    note_choices: str | None

    @property
    def is_open(self) -> bool:
        """Whether people may be in the room."""
        return self.state in OPEN_STATES

    @property
    def phase(self) -> Phase:
        """Where the meeting stands, for the rules of time."""
        return Phase(
            self.state, self.starts_at, self.ends_at, self.facilitator_seen_at, self.closing_at,
            self.ended_because,
        )  # fmt: skip


_PART = ("joined_at", "seen_at", "left_at", "said_at", "muted_at", "removed_at", "draft_body",
         "draft_note")  # fmt: skip
_SILENCE = ("silenced_until", "silenced_because")
_ASKED = {"group_slug", "group_name", "facilitates", "hears", *_PART, *_SILENCE, "note_choices"}
_ROOM = Prepared(
    select(
        *(getattr(Meeting, field.name) for field in fields(RoomView) if field.name not in _ASKED),
        Group.slug.label("group_slug"),
        Group.name.label("group_name"),
        policy.may_facilitate(_ME).label("facilitates"),
        room_policy.hears(_ME).label("hears"),
        *(getattr(Attendance, name) for name in _PART),
        *(getattr(Membership, name) for name in _SILENCE),
        content_note_preferences.LINES.label("note_choices"),
    )
    .select_from(Meeting)
    .join(Group, Group.id == Meeting.group_id)
    .outerjoin(Attendance, and_(Attendance.meeting_id == Meeting.id, Attendance.account_id == _ME))
    .outerjoin(Membership, and_(Membership.group_id == Group.id, Membership.account_id == _ME))
    .where(Meeting.id == _ID, policy.visible_to(_ME))
)


def room_for(viewer: Viewer, meeting_id: int) -> RoomView:
    """Return a room. Raises NotFound, alike for one that the viewer may not see and for none."""
    row = _ROOM.first(me=viewer.id or 0, id=meeting_id)
    if row is None:
        raise NotFound
    return RoomView(**row._asdict())


_FACTS = Prepared(
    select(
        *(getattr(Meeting, field.name) for field in fields(RoomView) if field.name not in _ASKED)
    ).where(Meeting.id == _ID)
)


def facts(meeting_id: int) -> Any:
    """Return a meeting's own columns, for those who decide who is told of them."""
    return _FACTS.all(id=meeting_id)[0]


_MESSAGES = (
    select(RoomMessage)
    .join(Meeting, Meeting.id == RoomMessage.meeting_id)
    .join(Group, Group.id == Meeting.group_id)
    .outerjoin(Account, Account.id == RoomMessage.author_id)
)
# Why others do not see a message, for `hidden_content_access`; what was taken back holds no words.
_UNSEEN = case(
    (RoomMessage.deleted_at.is_not(None), ""),
    (RoomMessage.hidden_at.is_not(None), hidden_content_access.HIDDEN),
    else_="",
).label("unseen")
_PLACE = _MESSAGES.with_only_columns(
    RoomMessage.id, RoomMessage.number, RoomMessage.version, RoomMessage.author_id,
    Account.handle, RoomMessage.meeting_id, RoomMessage.content_note, _UNSEEN,
    func.octet_length(RoomMessage.html).label("size"),
)  # fmt: skip
_HERE = RoomMessage.meeting_id == _ID
_LAST = Prepared(
    _PLACE.where(_HERE, room_policy.message_visible_to(_ME))
    .order_by(RoomMessage.number.desc())
    .limit(at_most(MESSAGES_A_PAGE))
)
_BEFORE = Prepared(
    _PLACE.where(
        _HERE,
        RoomMessage.number < bindparam("before", type_=Integer),
        room_policy.message_visible_to(_ME),
    )
    .order_by(RoomMessage.number.desc())
    .limit(at_most(MESSAGES_A_PAGE))
)


def last_messages(viewer: Viewer, meeting_id: int, before: int | None = None) -> list[Any]:
    """Return the last 200 messages that the viewer may see, oldest first; `before` a number."""
    who = {"me": viewer.id or 0, "id": meeting_id}
    rows = _LAST.all(**who) if before is None else _BEFORE.all(**who, before=before)
    return rows[::-1]


_AFTER = Prepared(
    _PLACE.add_columns(room_policy.shown_to(_ME).label("shown"))
    .where(
        _HERE,
        RoomMessage.version > bindparam("after", type_=Integer),
        room_policy.could_see(_ME),
    )
    .order_by(RoomMessage.version)
    .limit(bindparam("most", type_=Integer))
)


def changes_after(viewer: Viewer, meeting_id: int, after: int, most: int) -> list[Any]:
    """Return the messages that changed after a version, oldest change first, at most `most`.

    `size` is in bytes; `shown` is False where a message is hidden from this viewer.
    """
    return _AFTER.all(me=viewer.id or 0, id=meeting_id, after=after, most=most)


_KNOWN = Prepared(
    _MESSAGES.with_only_columns(RoomMessage.version)
    .where(_HERE, room_policy.could_see(_ME))
    .order_by(RoomMessage.version.desc())
    .limit(at_most(1))
)


def last_version(viewer: Viewer, meeting_id: int) -> int:
    """Return the version of a room's last change of which the viewer may know.

    It comes from what they may know alone: in the room's own count, a gap would tell them that
    somebody whom they do not meet has taken something back.
    """
    row = _KNOWN.first(me=viewer.id or 0, id=meeting_id)
    return row.version if row else NOTHING_SAID


_CONTENT = _MESSAGES.with_only_columns(
    RoomMessage.id, RoomMessage.meeting_id, RoomMessage.number, RoomMessage.version,
    RoomMessage.author_id, Account.handle.label("author"), RoomMessage.html,
    RoomMessage.renderer, RoomMessage.content_note, RoomMessage.created_at,
    RoomMessage.hidden_at.is_not(None).label("hidden"),
    RoomMessage.deleted_at.is_not(None).label("deleted"),
).where(RoomMessage.id.in_(bindparam("ids", expanding=True)))  # fmt: skip


def contents(message_ids: Collection[int]) -> Sequence[AnyRow]:
    """Return what fragments are made of; whoever asks has checked who may see."""
    return connection().execute(_CONTENT, {"ids": list(message_ids)}).all()


def body_of(message_id: int) -> str:
    """Return what somebody typed; whoever asks has checked who may see it."""
    return reading().scalars(select(RoomMessage.body).where(RoomMessage.id == message_id)).one()


_PLACE_OF = Prepared(_PLACE.where(RoomMessage.id == _ID))


def place_of(message_id: int) -> Any:
    """Return a message for those who decide who sees it; None when it has vanished.

    Columns: id, number, version, author_id, handle, meeting_id, content_note, unseen.
    """
    return _PLACE_OF.first(id=message_id)


_MINE_TO_SEE = Prepared(
    _MESSAGES.with_only_columns(
        RoomMessage.id, RoomMessage.meeting_id, Meeting.group_id, RoomMessage.number,
        RoomMessage.author_id, Account.handle.label("author"), RoomMessage.hidden_at,
        RoomMessage.deleted_at,
    ).where(RoomMessage.id == _ID, room_policy.message_visible_to(_ME))
)  # fmt: skip


def message_for(viewer: Viewer, message_id: int) -> Any:
    """Return a message that the viewer may see. Raises NotFound."""
    row = _MINE_TO_SEE.first(me=viewer.id or 0, id=message_id)
    if row is None:
        raise NotFound
    return row


_SAID_UNTIL = Prepared(
    _MESSAGES.with_only_columns(
        RoomMessage.id, RoomMessage.author_id, Account.handle.label("author"), RoomMessage.body,
        RoomMessage.content_note, RoomMessage.created_at.label("said_at"), _UNSEEN,
    )
    .where(
        _HERE,
        RoomMessage.number <= bindparam("until", type_=Integer),
        RoomMessage.deleted_at.is_(None),
        room_policy.message_visible_to(_ME),
    )
    .order_by(RoomMessage.number.desc())
    .limit(bindparam("most", type_=Integer))
)  # fmt: skip


def said_until(viewer: Viewer, message: Any, before: int) -> list[Any]:
    """Return a message of `message_for` and up to `before` earlier ones, oldest first."""
    found = _SAID_UNTIL.all(
        me=viewer.id or 0, id=message.meeting_id, until=message.number, most=before + 1
    )
    return found[::-1]


_AMONG = Account.id.in_(bindparam("among", expanding=True))
_WHO_SEES = (
    select(Account.id, room_policy.shown_to(Account.id).label("shown"))
    .select_from(RoomMessage)
    .join(Meeting, Meeting.id == RoomMessage.meeting_id)
    .join(Group, Group.id == Meeting.group_id)
    .join(Account, _AMONG)
    .where(RoomMessage.id == _ID, room_policy.could_see(Account.id))
)


def who_sees(message_id: int, among: Collection[int]) -> tuple[set[int], set[int]]:
    """Of some accounts, return who may see a message, and who could but for its being hidden."""
    seeing: set[int] = set()
    missing: set[int] = set()
    rows = connection().execute(_WHO_SEES, {"id": message_id, "among": list(among)})
    for account, shown in rows:
        (seeing if shown else missing).add(account)
    return seeing, missing
