"""Every write about hands and turns: who asks to speak, in which order, and whose turn it is."""

from typing import Any

from sqlalchemy import delete as delete_from
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core import clock
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden, NotFound
from forum.core.events import announce
from forum.core.translation import _
from forum.meetings.room.events import RoomPeopleChanged
from forum.meetings.room.lifecycle import room_locking
from forum.meetings.room.messages import service as messages
from forum.meetings.room.models import Attendance, RaisedHand


def raise_hand(viewer: Viewer, meeting_id: int, *, up: bool) -> None:
    """Ask for a turn, or no longer; doing either twice changes nothing.

    Taking one's hand down during one's turn ends it. Raises LoginNeeded, NotFound, Forbidden for
    who is muted or not inside, Conflict.
    """
    account_id = member_id(viewer)
    with transaction() as session:
        room = room_locking.lock_open_room(session, viewer, meeting_id)
        if up:
            messages.require_may_speak(room, clock.now())
        raised = _position_of(session, meeting_id, account_id) is not None
        if up and not raised:
            _add_to_queue(session, meeting_id, account_id)
        elif raised and not up:
            _remove_from_queue(session, meeting_id, account_id)
        else:
            return
        announce(RoomPeopleChanged(meeting_id))


def give_speaking_turn(viewer: Viewer, meeting_id: int, account_id: int) -> None:
    """Make it somebody's turn; the speaker before has finished.

    Facilitators give it to anybody in the room. Who is first in the order may take it when nobody
    has it. Raises LoginNeeded, NotFound, Forbidden, Conflict.
    """
    with transaction() as session:
        room = room_locking.lock_open_room(session, viewer, meeting_id)
        if not room.facilitates:
            _require_next(session, viewer, meeting_id, account_id)
        inside = select(Attendance.account_id).where(
            *_attendance_of(meeting_id, account_id),
            Attendance.left_at.is_(None),
            Attendance.removed_at.is_(None),
        )
        if session.scalar(inside) is None:
            raise NotFound(_("This person isn't in the room right now."))
        speaker = _speaker(session, meeting_id)
        if speaker == account_id:
            return
        if speaker is not None:
            _remove_from_queue(session, meeting_id, speaker)
        if _position_of(session, meeting_id, account_id) is None:
            _add_to_queue(session, meeting_id, account_id)
        session.execute(
            update(RaisedHand)
            .where(*_raised_hand(meeting_id, account_id))
            .values(speaking_since=clock.now())
            .execution_options(synchronize_session=False)
        )
        session.execute(
            update(Attendance)
            .where(*_attendance_of(meeting_id, account_id))
            .values(speaking_turns=Attendance.speaking_turns + 1)
            .execution_options(synchronize_session=False)
        )
        announce(RoomPeopleChanged(meeting_id))


def finish_own_turn(viewer: Viewer, meeting_id: int) -> None:
    """Say that one's own turn is over; harmless when it is not one's turn."""
    account_id = member_id(viewer)
    with transaction() as session:
        room_locking.lock_open_room(session, viewer, meeting_id)
        if _speaker(session, meeting_id) == account_id:
            _remove_from_queue(session, meeting_id, account_id)
            announce(RoomPeopleChanged(meeting_id))


def end_speaking_turn(viewer: Viewer, meeting_id: int, account_id: int) -> None:
    """Take somebody's turn or raised hand from them; harmless when they have neither.

    Raises LoginNeeded, NotFound, Forbidden, Conflict.
    """
    with transaction() as session:
        room_locking.lock_open_room_to_facilitate(session, viewer, meeting_id)
        if _position_of(session, meeting_id, account_id) is not None:
            _remove_from_queue(session, meeting_id, account_id)
            announce(RoomPeopleChanged(meeting_id))


def move_in_queue(viewer: Viewer, meeting_id: int, account_id: int, *, by: int) -> None:
    """Move somebody in the speaking queue, by -1 to speak earlier and 1 to speak later.

    At either end nothing changes. Raises LoginNeeded, NotFound, Forbidden, Conflict.
    """
    with transaction() as session:
        room_locking.lock_open_room_to_facilitate(session, viewer, meeting_id)
        order = _waiting(session, meeting_id)
        if account_id not in order:
            raise Conflict(_("This hand is no longer raised."), code="no_hand")
        here = order.index(account_id)
        there = max(0, min(len(order) - 1, here + by))
        order.insert(there, order.pop(here))
        for position, who in enumerate(order):
            session.execute(
                update(RaisedHand)
                .where(*_raised_hand(meeting_id, who))
                .values(position=position)
                .execution_options(synchronize_session=False)
            )
        announce(RoomPeopleChanged(meeting_id))


def lower_hand(session: Session, meeting_id: int, account_id: int) -> None:
    """Take somebody's hand down inside another verb, if it is up."""
    _remove_from_queue(session, meeting_id, account_id)


def _require_next(session: Session, viewer: Viewer, meeting_id: int, account_id: int) -> None:
    order = _waiting(session, meeting_id)
    free = _speaker(session, meeting_id) is None
    if account_id != viewer.id or not free or order[:1] != [account_id]:
        raise Forbidden(_("Only facilitators can give turns."), code="not_yours")


def _waiting(session: Session, meeting_id: int) -> list[int]:
    found = select(RaisedHand.account_id).where(
        RaisedHand.meeting_id == meeting_id, RaisedHand.speaking_since.is_(None)
    )
    return list(session.scalars(found.order_by(RaisedHand.position)))


def _speaker(session: Session, meeting_id: int) -> int | None:
    return session.scalar(
        select(RaisedHand.account_id).where(
            RaisedHand.meeting_id == meeting_id, RaisedHand.speaking_since.is_not(None)
        )
    )


def _position_of(session: Session, meeting_id: int, account_id: int) -> int | None:
    return session.scalar(select(RaisedHand.position).where(*_raised_hand(meeting_id, account_id)))


def _add_to_queue(session: Session, meeting_id: int, account_id: int) -> None:
    last = session.scalar(
        select(func.max(RaisedHand.position)).where(RaisedHand.meeting_id == meeting_id)
    )
    position = 0 if last is None else last + 1
    session.execute(
        insert(RaisedHand).values(meeting_id=meeting_id, account_id=account_id, position=position)
    )


def _remove_from_queue(session: Session, meeting_id: int, account_id: int) -> None:
    session.execute(
        delete_from(RaisedHand)
        .where(*_raised_hand(meeting_id, account_id))
        .execution_options(synchronize_session=False)
    )


def _raised_hand(meeting_id: int, account_id: int) -> tuple[Any, ...]:
    return RaisedHand.meeting_id == meeting_id, RaisedHand.account_id == account_id


def _attendance_of(meeting_id: int, account_id: int) -> tuple[Any, ...]:
    return Attendance.meeting_id == meeting_id, Attendance.account_id == account_id
