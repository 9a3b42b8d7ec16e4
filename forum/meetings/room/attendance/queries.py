"""Reads about the people in a room: who is there, who asks for a turn, who came and went."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, select, true
from sqlalchemy.types import Integer

from forum.accounts.models import BLOCKED_BY, Account, AccountRelationship
from forum.core.db import AnyRow, current_connection, current_session
from forum.core.db.id_lists import id_list
from forum.core.text.alphabets import letters
from forum.groups.models import Group
from forum.meetings import policy
from forum.meetings.models import Meeting
from forum.meetings.room import policy as room_policy
from forum.meetings.room.models import Attendance, RaisedHand

_ID = bindparam("id", type_=Integer)
_AMONG = id_list("among")


@dataclass(frozen=True)
class Person:
    """Somebody in a room."""

    id: int
    handle: str
    invisible: bool
    facilitates: bool
    muted: bool


_PEOPLE = (
    select(
        Account.id,
        Account.handle,
        Account.invisible,
        policy.may_facilitate(Account.id).label("facilitates"),
        Attendance.muted_at.is_not(None).label("muted"),
    )
    .select_from(Meeting)
    .join(Group, Group.id == Meeting.group_id)
    .join(_AMONG, true())
    .join(Account, Account.id == _AMONG.c.value)
    .outerjoin(
        Attendance,
        and_(Attendance.meeting_id == Meeting.id, Attendance.account_id == Account.id),
    )
    .where(Meeting.id == _ID, room_policy.may_read_room(Account.id))
)


def people_in_room(meeting_id: int, among: Collection[int]) -> list[Person]:
    """Of some accounts, return the ones that hear the room now, by handle."""
    rows = current_connection().execute(_PEOPLE, {"id": meeting_id, "among": among})
    found = [Person(**row._mapping) for row in rows]
    return letters.in_order(found, "handle")


_WAITING = (
    select(Account.id)
    .select_from(Meeting)
    .join(Group, Group.id == Meeting.group_id)
    .join(_AMONG, true())
    .join(Account, Account.id == _AMONG.c.value)
    .where(Meeting.id == _ID, policy.visible_to(Account.id))
)


def who_may_see_meeting(meeting_id: int, among: Collection[int]) -> set[int]:
    """Of some accounts, return the ones that may know the meeting, let in or not."""
    rows = current_connection().execute(_WAITING, {"id": meeting_id, "among": among})
    return set(rows.scalars())


_FACILITATORS = _WAITING.where(policy.may_facilitate(Account.id))


def who_facilitates(meeting_id: int, among: Collection[int]) -> set[int]:
    """Of some accounts, return facilitators the meeting's group."""
    rows = current_connection().execute(_FACILITATORS, {"id": meeting_id, "among": among})
    return set(rows.scalars())


def facilitators_seen(meeting_id: int, since: datetime, until: datetime) -> set[int]:
    """Return who was seen in a room at that time and moderates its group, by any process."""
    here = select(Attendance.account_id).where(
        Attendance.meeting_id == meeting_id,
        Attendance.left_at.is_(None),
        Attendance.seen_at.between(since, until),
    )
    found = set(current_connection().execute(here).scalars())
    return who_facilitates(meeting_id, found) if found else set()


_PAIRS = select(
    AccountRelationship.viewer_id, AccountRelationship.other_id, AccountRelationship.kind
).where(
    AccountRelationship.viewer_id.in_(bindparam("ids", expanding=True)),
    AccountRelationship.other_id.in_(bindparam("others", expanding=True)),
)


def muted_or_blocked_pairs(
    people_here: Collection[Person], others: Collection[int] = ()
) -> set[tuple[int, int]]:
    """Return who does not meet whom, among people here and some others: (viewer, other).

    As everywhere, nobody hides by a block from facilitators.
    """
    ids = [person.id for person in people_here]
    facilitating = {person.id for person in people_here if person.facilitates}
    rows = current_session().execute(_PAIRS, {"ids": ids, "others": [*ids, *others]})
    return {
        (viewer, other)
        for viewer, other, kind in rows
        if kind != BLOCKED_BY or viewer not in facilitating
    }


_SPEAKING_QUEUE = (
    select(RaisedHand.account_id, Account.handle, RaisedHand.speaking_since)
    .join(Account, Account.id == RaisedHand.account_id)
    .where(RaisedHand.meeting_id == _ID)
    .order_by(RaisedHand.speaking_since.is_(None), RaisedHand.position)
)


def speaking_queue(meeting_id: int) -> Sequence[AnyRow]:
    """Return who has the turn, if anybody, then who waits for it in order."""
    return current_connection().execute(_SPEAKING_QUEUE, {"id": meeting_id}).all()


_REMOVED = (
    select(Account.id, Account.handle)
    .join(Attendance, Attendance.account_id == Account.id)
    .where(Attendance.meeting_id == _ID, Attendance.removed_at.is_not(None))
    .order_by(Account.handle_sort, Account.id)
)


def removed_people(meeting_id: int) -> Sequence[AnyRow]:
    """Return who was sent out of the room, for people who may let them back in."""
    return current_connection().execute(_REMOVED, {"id": meeting_id}).all()


def count_attending(meeting_id: int, seen_after: object) -> int:
    """Return how many are in the room, facilitators aside."""
    inside = select(func.count()).where(
        Attendance.meeting_id == meeting_id,
        Attendance.left_at.is_(None),
        Attendance.removed_at.is_(None),
        Attendance.facilitated.is_(False),
        Attendance.seen_at > seen_after,
    )
    return current_session().scalar(inside) or 0


_ATTENDED = (
    select(
        Attendance.account_id,
        Account.handle,
        Attendance.facilitated,
        Attendance.joined_at,
        Attendance.left_at,
        Attendance.present_ms,
        Attendance.speaking_turns,
        Attendance.message_count,
        Attendance.word_count,
    )
    .join(Account, Account.id == Attendance.account_id)
    .where(Attendance.meeting_id == bindparam("id"))
    .order_by(Attendance.joined_at, Attendance.account_id)
)


def attendance_of(meeting_id: int) -> Sequence[AnyRow]:
    """Return everybody's part in a meeting, for its facilitators."""
    return current_session().execute(_ATTENDED, {"id": meeting_id}).all()
