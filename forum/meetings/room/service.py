"""Every write about a room as a whole: coming in, leaving, opening, closing, its rules."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core import clock, text
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden, Invalid
from forum.core.events import announce
from forum.core.translation import _
from forum.groups import queries as group_queries
from forum.meetings.events import DropInOpened, MeetingOpened, MeetingStateChanged
from forum.meetings.models import CLOSING, OPEN_STATES, OVER, RUNNING, SCHEDULED, Meeting
from forum.meetings.room import queries as room_queries
from forum.meetings.room.attendance import presence_time
from forum.meetings.room.attendance import queries as people_queries
from forum.meetings.room.events import RoomPeopleChanged
from forum.meetings.room.lifecycle import room_locking, state_machine
from forum.meetings.room.lifecycle.state_machine import Change
from forum.meetings.room.models import RaisedHand
from forum.meetings.room.queries import RoomView

DROP_IN_LASTS = timedelta(hours=1)
SLOW_MODE_MAX_S = 600
TITLE_MAX, ROOM_SIZE_MAX = 150, 500


def enter_room(viewer: Viewer, meeting_id: int) -> RoomView:
    """Come into a room, or wait before it; return it as it is then.

    A facilitator opens it by coming in. A person already inside only counts as seen. Raises
    LoginNeeded, NotFound, Forbidden for who was removed, Conflict when the room is full.
    """
    account_id, now = member_id(viewer), clock.now()
    room = room_queries.room_for(viewer, meeting_id)
    if _is_already_noted(room, now):
        return room
    with transaction() as session:
        room = room_locking.lock_room(session, viewer, meeting_id)
        if room.removed_at is not None and room.is_open:
            raise Forbidden(room_locking.REMOVED, code="removed")
        if room.facilitates:
            _open_for_facilitator(session, room, account_id, now)
            room = room_queries.room_for(viewer, meeting_id)
        if room.is_open:
            _require_space(room, now)
            presence_time.record_arrival(
                session, meeting_id, account_id, now, facilitates=room.facilitates
            )
            announce(RoomPeopleChanged(meeting_id))
        return room_queries.room_for(viewer, meeting_id)


def leave_room(viewer: Viewer, meeting_id: int) -> None:
    """Leave a room; harmless for who is not in it. Raises LoginNeeded, NotFound, Forbidden."""
    account_id = member_id(viewer)
    room_queries.room_for(viewer, meeting_id)
    with transaction() as session:
        room = room_locking.lock_room(session, viewer, meeting_id)
        if room.is_open and room.joined_at is not None and room.left_at is None:
            presence_time.record_departure(session, meeting_id, account_id, clock.now())
            session.execute(
                delete(RaisedHand).where(
                    RaisedHand.meeting_id == meeting_id, RaisedHand.account_id == account_id
                )
            )
            announce(RoomPeopleChanged(meeting_id))


def close_meeting(viewer: Viewer, meeting_id: int) -> str:
    """Let a meeting come to its end: last words first, over when asked once more.

    Returns the state that it is in then. Raises LoginNeeded, NotFound, Forbidden, Conflict.
    """
    with transaction() as session:
        room = room_locking.lock_open_room_to_facilitate(session, viewer, meeting_id)
        state = OVER if room.state == CLOSING else CLOSING
        room_locking.enter_state(
            session, meeting_id, room.group_id, Change(clock.now(), state, state_machine.CLOSED)
        )
        return state


def extend_meeting(viewer: Viewer, meeting_id: int, minutes: int) -> None:
    """Give a meeting 5 to 60 minutes more from now or its end, whichever is later.

    One that is closing goes on. Raises LoginNeeded, NotFound, Forbidden, Conflict, Invalid.
    """
    if not 5 <= minutes <= 60:
        raise Invalid(fields={"minutes": _("Choose between 5 and 60 minutes.")})
    with transaction() as session:
        room = room_locking.lock_open_room_to_facilitate(session, viewer, meeting_id)
        now = clock.now()
        ends_at = max(room.ends_at, now) + timedelta(minutes=minutes)
        room_locking.update_meeting(session, meeting_id, ends_at=ends_at)
        if room.state == CLOSING:
            room_locking.enter_state(session, meeting_id, room.group_id, Change(now, RUNNING))
        else:
            announce(MeetingStateChanged(meeting_id, room.group_id, room.state, "", now))


def set_room_rules(viewer: Viewer, meeting_id: int, *, turns_only: bool, slow_mode_s: int) -> None:
    """Set whether only the one whose turn it is writes, and how long to wait between messages.

    Raises LoginNeeded, NotFound, Forbidden, Conflict, Invalid.
    """
    if not 0 <= slow_mode_s <= SLOW_MODE_MAX_S:
        raise Invalid(
            fields={
                "slow_mode_s": _("Choose between 0 and %(most)s seconds.", most=SLOW_MODE_MAX_S)
            }
        )
    with transaction() as session:
        room = room_locking.lock_open_room_to_facilitate(session, viewer, meeting_id)
        room_locking.update_meeting(
            session, meeting_id, turns_only=turns_only, slow_mode_s=slow_mode_s
        )
        announce(MeetingStateChanged(meeting_id, room.group_id, room.state, "", clock.now()))


def open_drop_in(viewer: Viewer, group_id: int, *, title: str = "", room_size: int = 50) -> int:
    """Open a room now, for an hour; return the meeting's id.

    Raises LoginNeeded, NotFound, Forbidden, Conflict while another one is open, Invalid.
    """
    account_id, now = member_id(viewer), clock.now()
    title = text.one_line(title, "title", most=TITLE_MAX) or _("Drop-in room")
    if not 2 <= room_size <= ROOM_SIZE_MAX:
        raise Invalid(
            fields={"room_size": _("A room can hold 2 to %(most)s people.", most=ROOM_SIZE_MAX)}
        )
    with transaction() as session:
        group = group_queries.group_by_id(viewer, group_id)
        if not group.moderates:
            raise Forbidden(_("Only facilitators can open a room."), code="not_yours")
        open_now = select(Meeting.id).where(
            Meeting.group_id == group_id,
            Meeting.series_id.is_(None),
            Meeting.state.in_(OPEN_STATES),
        )
        if session.scalar(open_now.limit(1)) is not None:
            raise Conflict(_("A drop-in room is already open."), code="already_open")
        meeting = Meeting(
            group_id=group_id,
            by_id=account_id,
            title=title,
            starts_at=now,
            ends_at=now + DROP_IN_LASTS,
            zone="UTC",
            leader_kind=group.leader_kind,
            room_size=room_size,
            state=RUNNING,
            opened_at=now,
            facilitator_seen_at=now,
            opening_told_at=now,
        )
        session.add(meeting)
        session.flush()
        announce(MeetingStateChanged(meeting.id, group_id, RUNNING, "", now))
        announce(DropInOpened(meeting.id, group_id, account_id, now))
        return meeting.id


def _is_already_noted(room: RoomView, now: datetime) -> bool:
    """Whether somebody is already inside and need not be noted again: reading is enough then."""
    if not room.is_open:
        return not room.facilitates or room.state != SCHEDULED
    inside = (
        room.seen_at is not None
        and room.left_at is None
        and now - room.seen_at < presence_time.SEEN_EVERY
    )
    due = state_machine.next_change(room_locking.status_of(room))
    return inside and (due is None or due.at > now)


def _open_for_facilitator(session: Session, room: RoomView, account_id: int, now: datetime) -> None:
    change = state_machine.opening_change(room_locking.status_of(room), now)
    if room.is_open or change:
        room_locking.record_facilitator_seen(session, room.id, now)
    if change:
        room_locking.enter_state(session, room.id, room.group_id, change)
        if room.opening_told_at is None:  # doors that close and open again are told of once
            room_locking.update_meeting(session, room.id, opening_told_at=now)
            announce(MeetingOpened(room.id, room.group_id, account_id, now))


def _require_space(room: RoomView, now: datetime) -> None:
    seen_after = now - presence_time.GAP_BRIDGED
    inside = room.joined_at is not None and room.left_at is None
    back_soon = inside and room.seen_at is not None and room.seen_at > seen_after
    if room.facilitates or back_soon:
        return
    if people_queries.count_attending(room.id, seen_after) >= room.room_size:
        raise Conflict(
            _(
                "The room is full right now. This page keeps trying, and lets you in when "
                "someone leaves."
            ),
            code="full",
        )
