"""Reads for safety's sake, through the conditions of policy."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, literal, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.types import Integer

from forum.accounts.models import Account
from forum.accounts.policy import Viewer, member_id, person_id
from forum.core.db import current_connection, current_session
from forum.core.errors import Forbidden, NotFound
from forum.core.translation import _, lazy
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.meetings.room.models import PrivateNote, RoomMessage
from forum.safety import policy
from forum.safety.models import CareMessage, CrisisAlert
from forum.threads import queries as threads
from forum.threads.models import IN_THREAD, Post, Thread
from forum.threads.queries import PostView

MAX_CARE_MESSAGES = 200
UNREACHED = lazy(
    "You can't write to this person. They may have left the group. "
    "If you're worried about them, ask another moderator."
)
_ME = bindparam("me", type_=Integer)
# A title belongs to the post that opens its thread.
_WORDS = case(
    (or_(Post.number == 1, Thread.last_number == 0), Thread.title + "\n" + Post.body),
    else_=Post.body,
)
_LOOKED_AT = (
    select(_WORDS.label("words"), Post.author_id, Thread.group_id, Post.created_at)
    .join(Thread, IN_THREAD)
    .where(Post.id == bindparam("id", type_=Integer))
)


def post_to_check(post_id: int) -> Any | None:
    """Return words, author_id, group_id and created_at of a post, for the detector alone."""
    return current_connection().execute(_LOOKED_AT, {"id": post_id}).first()


_SAID_IN_ROOM = select(RoomMessage.body).where(RoomMessage.id == bindparam("id", type_=Integer))


def room_message_body(message_id: int) -> str:
    """Return the words of a message that was said just now, for the detector alone."""
    return str(current_connection().execute(_SAID_IN_ROOM, {"id": message_id}).scalar_one())


_SAID_PRIVATELY = select(PrivateNote.body).where(PrivateNote.id == bindparam("id", type_=Integer))


def private_note_body(care_message_id: int) -> str:
    """Return what was said just now on a room's private line, for the detector alone."""
    return str(current_connection().execute(_SAID_PRIVATELY, {"id": care_message_id}).scalar_one())


@dataclass(frozen=True)
class CareMessageView:
    """A care note as the person, or the group's moderators, see it.

    `mine` says that the viewer is the person, `moderates` that they moderate the group.
    """

    id: int
    group_id: int
    group_slug: str
    group_name: str
    account_id: int
    handle: str
    author_id: int | None
    author: str | None
    post_id: int | None
    body: str
    answer: str
    created_at: datetime
    read_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    mine: bool
    moderates: bool


_AUTHOR = aliased(Account)
_NOTES = (
    select(
        CareMessage.id,
        CareMessage.group_id,
        Group.slug.label("group_slug"),
        Group.name.label("group_name"),
        CareMessage.account_id,
        Account.handle,
        CareMessage.author_id,
        _AUTHOR.handle.label("author"),
        CareMessage.post_id,
        CareMessage.body,
        CareMessage.answer,
        CareMessage.created_at,
        CareMessage.read_at,
        CareMessage.answered_at,
        CareMessage.closed_at,
        (CareMessage.account_id == _ME).label("mine"),
        groups.moderates(_ME).label("moderates"),
    )
    .join(Group, Group.id == CareMessage.group_id)
    .join(Account, Account.id == CareMessage.account_id)
    .outerjoin(_AUTHOR, _AUTHOR.id == CareMessage.author_id)
    .where(policy.care_message_visible_to(_ME))
    .order_by(CareMessage.id.desc())
    .limit(MAX_CARE_MESSAGES)
)


def care_message_for(viewer: Viewer, care_message_id: int) -> CareMessageView:
    """Return a note that the viewer may see. Raises LoginNeeded, NotFound."""
    found = _notes(person_id(viewer), CareMessage.id == care_message_id)
    if not found:
        raise NotFound
    return found[0]


def own_care_messages(viewer: Viewer) -> list[CareMessageView]:
    """Return what moderators wrote to the viewer, newest first."""
    me = person_id(viewer)
    return _notes(me, CareMessage.account_id == me)


def care_messages_about(viewer: Viewer, group_id: int, account_id: int) -> list[CareMessageView]:
    """Return the notes of a group's care for one person, newest first."""
    about = (CareMessage.group_id == group_id, CareMessage.account_id == account_id)
    return _notes(member_id(viewer), *about)


def _notes(me: int, *which: Any) -> list[CareMessageView]:
    rows = current_session().execute(_NOTES.where(*which), {"me": me})
    return [CareMessageView(**row._mapping) for row in rows]


@dataclass(frozen=True)
class CareRecipient:
    """Somebody to whom moderators may write."""

    account_id: int
    handle: str
    group_id: int
    group_slug: str
    group_name: str


def care_recipient(viewer: Viewer, slug: str, account_id: int) -> CareRecipient:
    """Return whom a note would go to. Raises LoginNeeded, Forbidden, NotFound."""
    me = member_id(viewer)
    row = (
        current_session()
        .execute(
            select(
                Account.id.label("account_id"),
                Account.handle,
                Group.id.label("group_id"),
                Group.slug.label("group_slug"),
                Group.name.label("group_name"),
                groups.moderates(_ME).label("moderates"),
                groups.visible_to(_ME).label("known"),
                policy.may_receive_care_message(Account.id, _ME).label("around"),
            )
            .select_from(Group)
            # Outside, whether there is such an account makes no difference.
            .outerjoin(Account, Account.id == bindparam("account"))
            .where(Group.slug == slug),
            {"me": me, "account": account_id},
        )
        .one_or_none()
    )
    if row is None or not row.known:
        raise NotFound
    if not row.moderates:
        raise Forbidden(_("Only the group's facilitators and moderators can write such messages."))
    if account_id == me:
        raise NotFound
    if not row.around:
        raise NotFound(UNREACHED)
    return CareRecipient(*row[:5])


@dataclass(frozen=True)
class CrisisView:
    """A post that worries somebody, as its group's moderators see it."""

    post: PostView
    group_name: str
    alerted_at: datetime | None


def moderates_any(viewer: Viewer) -> bool:
    """Whether the viewer moderates any group. Raises LoginNeeded, Forbidden when suspended."""
    me = literal(member_id(viewer), Integer)
    return bool(current_session().scalar(select(policy.moderates_any_group(me))))


def is_moderator(viewer: Viewer) -> bool:
    """Whether the viewer moderates any group. Raises LoginNeeded, Forbidden when suspended."""
    me = literal(member_id(viewer), Integer)
    return bool(current_session().scalar(select(policy.is_moderator_anywhere(me))))


def crisis(viewer: Viewer, post_id: int) -> CrisisView:
    """Return a post for its group's carers; `alerted_at` for moderators alone.

    Raises LoginNeeded, NotFound, Forbidden.
    """
    member_id(viewer)
    post = threads.post_for(viewer, post_id)
    if not post.moderates:
        raise Forbidden(_("Only the group's facilitators and moderators can see this."))
    row = (
        current_session()
        .execute(
            select(Group.name, policy.sees_alerts(_ME).label("sees_alerts"), CrisisAlert.raised_at)
            .outerjoin(CrisisAlert, CrisisAlert.post_id == post_id)
            .where(Group.id == post.group_id),
            {"me": viewer.id},
        )
        .first()
    )
    if row is None:
        raise NotFound
    return CrisisView(post, row.name, row.raised_at if row.sees_alerts else None)
