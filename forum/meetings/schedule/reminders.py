"""Being reminded of a meeting: who asked for it, and the moment at which it is due."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update

# Both databases understand this dialect's ON CONFLICT DO NOTHING; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert

from forum.accounts.policy import Viewer, member_id
from forum.core import clock
from forum.core.db import current_session, transaction
from forum.core.errors import Conflict
from forum.core.events import announce
from forum.core.translation import _
from forum.groups.events import MemberLeft
from forum.meetings.events import MeetingSoon
from forum.meetings.models import CANCELLED, OVER, Meeting
from forum.meetings.schedule import queries
from forum.meetings.schedule.models import Reminder

REMINDED_BEFORE = timedelta(minutes=15)


def set_reminder(viewer: Viewer, meeting_id: int, *, on: bool) -> None:
    """Ask to be told before a meeting begins, or no longer; harmless when it is so already.

    Raises LoginNeeded, NotFound, Forbidden, and Conflict for one that has begun or is cancelled.
    """
    account_id = member_id(viewer)
    with transaction() as session:
        meeting = queries.meeting_for(viewer, meeting_id)
        if not on:
            session.execute(
                delete(Reminder).where(
                    Reminder.meeting_id == meeting_id, Reminder.account_id == account_id
                )
            )
            return
        if not meeting.is_coming:
            raise Conflict(_("This meeting has started, ended or been cancelled."))
        asked = {"meeting_id": meeting_id, "account_id": account_id, "created_at": clock.now()}
        session.execute(insert(Reminder).values(asked).on_conflict_do_nothing())


def forget_member(event: MemberLeft) -> None:
    """Remind somebody who leaves a group of none of its meetings, also when they come back."""
    its_meetings = select(Meeting.id).where(Meeting.group_id == event.group_id)
    with transaction() as session:
        session.execute(
            delete(Reminder)
            .where(Reminder.account_id == event.account_id, Reminder.meeting_id.in_(its_meetings))
            .execution_options(synchronize_session=False)
        )


def accounts_to_remind(meeting_id: int) -> Sequence[int]:
    """Return the ids of members who asked to be reminded of a meeting."""
    return (
        current_session()
        .scalars(select(Reminder.account_id).where(Reminder.meeting_id == meeting_id))
        .all()
    )


def announce_soon() -> None:
    """Announce each meeting that begins within 15 minutes; once, even when several processes try.

    One whose end has passed while no server ran is announced no more.
    """
    now = clock.now()
    with transaction() as session:
        due = session.execute(
            update(Meeting)
            .where(
                Meeting.reminded_at.is_(None),
                Meeting.series_id.is_not(None),
                Meeting.starts_at <= now + REMINDED_BEFORE,
                Meeting.starts_at > now - REMINDED_BEFORE,
                Meeting.state.not_in((CANCELLED, OVER)),
            )
            .values(reminded_at=now)
            .returning(Meeting.id, Meeting.group_id)
            .execution_options(synchronize_session=False)
        ).all()
        for meeting_id, group_id in due:
            announce(MeetingSoon(meeting_id, group_id, now))
