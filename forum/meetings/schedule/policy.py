"""Who wants to be reminded of which meeting, as conditions on Meeting."""

from sqlalchemy import ColumnElement, and_, not_, or_

from forum.accounts.policy import ViewerId, row_exists
from forum.meetings.models import Meeting
from forum.meetings.schedule.models import Reminder, SeriesReminder


def is_reminded(account_id: ViewerId) -> ColumnElement[bool]:
    """Condition: asked for this meeting, or for its series and not to be left out of this one."""
    return or_(
        asked_for_one(account_id, wanted=True),
        and_(asked_for_all(account_id), not_(asked_for_one(account_id, wanted=False))),
    )


def asked_for_one(account_id: ViewerId, *, wanted: bool) -> ColumnElement[bool]:
    """Condition: said of this very meeting that they want to be reminded of it, or do not."""
    return row_exists(
        Reminder,
        Reminder.meeting_id == Meeting.id,
        Reminder.account_id == account_id,
        Reminder.wanted.is_(wanted),
    )


def asked_for_all(account_id: ViewerId) -> ColumnElement[bool]:
    """Condition: asked to be reminded of all meetings of the series."""
    return row_exists(
        SeriesReminder,
        SeriesReminder.series_id == Meeting.series_id,
        SeriesReminder.account_id == account_id,
    )
