"""What the writer of words that speak of danger may know: whether anybody of the team is there.

Nobody is when no shift runs, or when everybody was called in vain, and nobody has answered. In a
meeting somebody is there while anybody who moderates the group is in the room.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.types import Integer

from forum.core import clock
from forum.core.db import current_session
from forum.meetings.room.attendance import presence_time
from forum.meetings.room.attendance import queries as people
from forum.meetings.room.models import PrivateNote, RoomMessage
from forum.moderation.crisis_calls import queries
from forum.moderation.crisis_calls.models import CrisisCall
from forum.moderation.on_call import rota
from forum.moderation.queue_items.models import (
    CRISIS_ALERT,
    POST,
    PRIVATE_NOTE,
    ROOM_MESSAGE,
    QueueItem,
)


@dataclass(frozen=True)
class Team:
    """Who is there for a post: somebody, or nobody until `next_shift`, as far as that is known."""

    is_there: bool
    next_shift: datetime | None = None


def team_for(author_id: int, post_ids: Collection[int]) -> dict[int, Team]:
    """Return what an author may know of their posts, of those about which there is something."""
    items = select(QueueItem).where(
        QueueItem.target_kind == POST,
        QueueItem.target_id.in_(post_ids),
        QueueItem.kind == CRISIS_ALERT,
        QueueItem.about_id == author_id,
        QueueItem.resolved_at.is_(None),
    )
    session = current_session()
    found = {item.target_id: _team(session, item) for item in session.scalars(items).all()}
    return {post_id: team for post_id, team in found.items() if team is not None}


def _said_in_room(kind: str, said: type[RoomMessage] | type[PrivateNote]) -> ColumnElement[bool]:
    here = select(said.id).where(said.meeting_id == bindparam("meeting", type_=Integer))
    return and_(QueueItem.target_kind == kind, QueueItem.target_id.in_(here))


_ALERTS_IN_ROOM = (
    select(QueueItem)
    .where(
        or_(_said_in_room(ROOM_MESSAGE, RoomMessage), _said_in_room(PRIVATE_NOTE, PrivateNote)),
        QueueItem.kind == CRISIS_ALERT,
        QueueItem.about_id == bindparam("author", type_=Integer),
        QueueItem.resolved_at.is_(None),
    )
    .order_by(QueueItem.id)
)


def team_in_room(author_id: int, meeting_id: int) -> Team | None:
    """Return what somebody may know who spoke of danger in a room; None where there is nothing."""
    session = current_session()
    found = session.scalars(_ALERTS_IN_ROOM, {"author": author_id, "meeting": meeting_id}).all()
    if not found or _facilitators_in_room(meeting_id) - {author_id}:
        return None
    teams = [team for team in (_team(session, item) for item in found) if team is not None]
    return min(teams, key=lambda team: team.is_there, default=None)


def _facilitators_in_room(meeting_id: int) -> set[int]:
    now, gap = clock.now(), presence_time.GAP_BRIDGED
    return people.facilitators_seen(meeting_id, now - gap, now + gap)


def _team(session: Session, item: QueueItem) -> Team | None:
    """Return who is there; None while people on duty are called, and where they have come."""
    started, staffed = _last_call(session, item.id)
    if queries.is_attended(session, item, started or item.opened_at):
        return None if staffed else Team(is_there=True)
    if rota.groups_on_call([item.group_id]) and queries.still_calls(session, item.id):
        return None
    return Team(is_there=False, next_shift=rota.next_shift(item.group_id))


def _last_call(session: Session, item_id: int) -> tuple[datetime | None, bool]:
    row = CrisisCall
    last = select(row.started_at, row.staffed).where(row.item_id == item_id)
    found = session.execute(last.order_by(row.id.desc()).limit(1)).first()
    return (found.started_at, found.staffed) if found else (None, False)
