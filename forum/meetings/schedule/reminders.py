"""Being reminded of meetings: asking for it, of one or of a whole series, and who has asked."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Select, Table, delete, select, union

# Both databases understand this dialect's ON CONFLICT; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core import clock
from forum.core.db import current_session, transaction
from forum.core.errors import Conflict, NotFound
from forum.core.translation import _
from forum.groups.events import MemberLeft
from forum.groups.models import Group
from forum.meetings import policy
from forum.meetings.models import Meeting, Series
from forum.meetings.schedule import queries
from forum.meetings.schedule.models import Reminder, SeriesReminder

_NO_SYNC = {"synchronize_session": False}


def set_reminder(viewer: Viewer, meeting_id: int, *, on: bool) -> None:
    """Ask to be reminded of one meeting, or no longer; harmless when it is so already.

    Who asked for the whole series is left out of this one. Raises LoginNeeded, NotFound, Forbidden,
    and Conflict for one that has begun or is cancelled.
    """
    account_id = member_id(viewer)
    with transaction() as session:
        meeting = queries.meeting_for(viewer, meeting_id)
        if on and not meeting.is_coming:
            raise Conflict(_("This meeting has started, ended or been cancelled."))
        if on == meeting.reminds_always:  # what the series says is enough
            session.execute(
                delete(Reminder)
                .where(Reminder.meeting_id == meeting_id, Reminder.account_id == account_id)
                .execution_options(**_NO_SYNC)
            )
        else:
            _set_one(session, meeting_id, account_id, wanted=on)


def set_series_reminder(viewer: Viewer, series_id: int, *, on: bool) -> None:
    """Ask to be reminded of all meetings of a series, or no longer; harmless when it is so already.

    Of single ones that somebody asked for they are still reminded. Raises LoginNeeded, NotFound,
    Forbidden, and Conflict for a series that is cancelled.
    """
    account_id = member_id(viewer)
    series = current_session().scalar(
        select(Series)
        .join(Group, Group.id == Series.group_id)
        .where(Series.id == series_id, policy.visible_to(viewer.sql_id()))
    )
    if series is None:
        raise NotFound
    if on and series.cancelled_at is not None:
        raise Conflict(_("This series was cancelled."))
    with transaction() as session:
        left_out = select(Meeting.id).where(Meeting.series_id == series_id)
        session.execute(
            delete(Reminder)
            .where(
                Reminder.account_id == account_id,
                Reminder.wanted.is_(False),
                Reminder.meeting_id.in_(left_out),
            )
            .execution_options(**_NO_SYNC)
        )
        if on:
            asked = {"series_id": series_id, "account_id": account_id, "created_at": clock.now()}
            session.execute(insert(SeriesReminder).values(asked).on_conflict_do_nothing())
        else:
            session.execute(
                delete(SeriesReminder)
                .where(
                    SeriesReminder.series_id == series_id, SeriesReminder.account_id == account_id
                )
                .execution_options(**_NO_SYNC)
            )


def forget_member(event: MemberLeft) -> None:
    """Remind somebody who leaves a group of none of its meetings, also when they come back."""
    its_meetings = select(Meeting.id).where(Meeting.group_id == event.group_id)
    its_series = select(Series.id).where(Series.group_id == event.group_id)
    with transaction() as session:
        for asked in (
            delete(Reminder).where(
                Reminder.account_id == event.account_id, Reminder.meeting_id.in_(its_meetings)
            ),
            delete(SeriesReminder).where(
                SeriesReminder.account_id == event.account_id,
                SeriesReminder.series_id.in_(its_series),
            ),
        ):
            session.execute(asked.execution_options(**_NO_SYNC))


def accounts_to_remind(meeting_id: int) -> Sequence[int]:
    """Return the ids of members who asked to be reminded of a meeting, or of its series."""
    everyone = union(_who_asked_for_one(meeting_id), _who_asked_for_all(meeting_id))
    return current_session().scalars(everyone).all()


def accounts_for_one(meeting_id: int) -> Sequence[int]:
    """Return who asked for this very meeting, and not for its whole series."""
    one_only = _who_asked_for_one(meeting_id).except_(_who_asked_for_all(meeting_id))
    return current_session().scalars(one_only).all()


def accounts_for_series(series_id: int) -> Sequence[int]:
    """Return who asked to be reminded of all meetings of a series."""
    found = select(SeriesReminder.account_id).where(SeriesReminder.series_id == series_id)
    return current_session().scalars(found).all()


def _who_asked_for_one(meeting_id: int) -> Select[int]:
    return select(Reminder.account_id).where(
        Reminder.meeting_id == meeting_id, Reminder.wanted.is_(True)
    )


def _who_asked_for_all(meeting_id: int) -> Select[int]:
    left_out = select(Reminder.account_id).where(
        Reminder.meeting_id == meeting_id, Reminder.wanted.is_(False)
    )
    return (
        select(SeriesReminder.account_id)
        .join(Meeting, Meeting.series_id == SeriesReminder.series_id)
        .where(Meeting.id == meeting_id, SeriesReminder.account_id.not_in(left_out))
    )


def _set_one(session: Session, meeting_id: int, account_id: int, *, wanted: bool) -> None:
    table = cast("Table", Reminder.__table__)
    asked: dict[str, Any] = {
        "meeting_id": meeting_id,
        "account_id": account_id,
        "wanted": wanted,
        "created_at": clock.now(),
    }
    said = insert(table).values(asked)
    newest = said.on_conflict_do_update(
        index_elements=["meeting_id", "account_id"], set_={"wanted": wanted}
    )
    session.execute(newest)
