"""Who is to be reminded of which meeting, and who facilitates it, as conditions on Meeting."""

from sqlalchemy import ColumnElement, and_, not_, or_
from sqlalchemy.orm import aliased

from forum.accounts.models import Account
from forum.accounts.policy import ViewerId, row_exists
from forum.groups import policy as groups
from forum.meetings.models import Meeting
from forum.meetings.schedule.models import (
    MeetingFacilitator,
    Reminder,
    SeriesFacilitator,
    SeriesReminder,
)


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


def facilitates(account_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Meeting and its Group: is to facilitate it, and may do so now.

    Those are who took it over, and who planned the series or was named for it, unless they said
    that they can't come.
    """
    is_named = row_exists(
        SeriesFacilitator,
        SeriesFacilitator.series_id == Meeting.series_id,
        SeriesFacilitator.account_id == account_id,
    )
    usually = or_(Meeting.by_id == account_id, is_named)
    can_come = and_(usually, not_(_has_said(account_id, comes=False)))
    return and_(groups.moderates(account_id), or_(_has_said(account_id, comes=True), can_come))


def is_covered() -> ColumnElement[bool]:
    """Condition on Meeting and its Group: somebody is to facilitate it."""
    anyone = aliased(Account)
    possible = anyone.id.in_(groups.moderating_accounts(Meeting.group_id))
    return row_exists(anyone, possible, facilitates(anyone.id))


def _has_said(account_id: ViewerId, *, comes: bool) -> ColumnElement[bool]:
    return row_exists(
        MeetingFacilitator,
        MeetingFacilitator.meeting_id == Meeting.id,
        MeetingFacilitator.account_id == account_id,
        MeetingFacilitator.comes.is_(comes),
    )
