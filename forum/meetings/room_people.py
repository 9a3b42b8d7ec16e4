"""Every write about one person in one room: muted, sent out, let back in."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from forum.accounts.models import ADMINISTRATOR, Account
from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.db import reading, transaction
from forum.core.errors import Forbidden, NotFound
from forum.core.events import announce
from forum.groups import places
from forum.groups import policy as groups
from forum.meetings import attendance, room_steps, turns
from forum.meetings.room_events import RoomPersonActedOn
from forum.meetings.room_models import Attendance


def mute(viewer: Viewer, meeting_id: int, account_id: int) -> None:
    """Let somebody listen only. Raises LoginNeeded, NotFound, Forbidden, Conflict."""
    _act(viewer, meeting_id, account_id, "muted", muted_at=clock.now())


def unmute(viewer: Viewer, meeting_id: int, account_id: int) -> None:
    """Let somebody speak again. Raises as `mute`."""
    _act(viewer, meeting_id, account_id, "unmuted", muted_at=None)


def remove(viewer: Viewer, meeting_id: int, account_id: int) -> None:
    """Send somebody out of the room; they hear nothing more of it. Raises as `mute`."""
    now = clock.now()
    _act(viewer, meeting_id, account_id, "removed", removed_at=now, left_at=now)


def let_back(viewer: Viewer, meeting_id: int, account_id: int) -> None:
    """Let somebody come in again who was sent out. Raises as `mute`."""
    _act(viewer, meeting_id, account_id, "let_back", removed_at=None)


def _act(viewer: Viewer, meeting_id: int, account_id: int, how: str, **changes: Any) -> None:
    with transaction() as session:
        room = room_steps.facilitated(session, viewer, meeting_id)
        part = session.execute(
            select(Attendance.muted_at, Attendance.removed_at).where(*_part(meeting_id, account_id))
        ).one_or_none()
        if part is None:
            raise NotFound("This person has not been in the room.")
        _require_rank(viewer, room.group_id, account_id)
        mark = "muted_at" if "muted_at" in changes else "removed_at"
        if (part._mapping[mark] is None) == (changes[mark] is None):
            return
        now: datetime = clock.now()
        if how == "removed":
            attendance.see(session, meeting_id, [account_id], now)
        if how in {"removed", "muted"}:
            turns.lower(session, meeting_id, account_id)
        session.execute(
            update(Attendance)
            .where(*_part(meeting_id, account_id))
            .values(**changes)
            .execution_options(synchronize_session=False)
        )
        announce(RoomPersonActedOn(meeting_id, room.group_id, account_id, viewer.id or 0, how, now))


def _require_rank(viewer: Viewer, group_id: int, account_id: int) -> None:
    """Raise Forbidden unless the viewer's role is above the other's; administrators' is highest."""
    session = reading()
    role = places.role_of(session, group_id, viewer.id or 0)
    theirs = places.role_of(session, group_id, account_id) or "member"
    highest = session.scalar(select(Account.role).where(Account.id == account_id)) == ADMINISTRATOR
    above = viewer.is_administrator or groups.outranks(role, theirs)
    if account_id == viewer.id or highest or not above:
        raise Forbidden("You can do this to people whose role is below your own.", code="rank")


def _part(meeting_id: int, account_id: int) -> tuple[Any, ...]:
    return Attendance.meeting_id == meeting_id, Attendance.account_id == account_id
