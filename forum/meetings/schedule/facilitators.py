"""Who facilitates a meeting: reads, and naming who does for a series."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Integer, Select, and_, delete, literal, select
from sqlalchemy.orm import Session

from forum.accounts.identity import handles as accounts_handles
from forum.accounts.models import Account
from forum.accounts.policy import is_active
from forum.core.db import current_session
from forum.core.errors import Invalid
from forum.core.text.alphabets import letters
from forum.core.translation import _
from forum.groups import policy as groups
from forum.groups.models import Group, Membership
from forum.meetings.models import Meeting, Series
from forum.meetings.schedule import policy
from forum.meetings.schedule.models import SeriesFacilitator

FIELD = "facilitators"


def handles_of_meeting(meeting_id: int) -> list[str]:
    """Return the handles of those who are to facilitate a meeting, in order."""
    group_id = select(Meeting.group_id).where(Meeting.id == meeting_id).scalar_subquery()
    return _in_order(
        select(Account.handle)
        .select_from(Meeting)
        .join(Group, Group.id == Meeting.group_id)
        .join(Account, policy.facilitates(Account.id))
        .where(Meeting.id == meeting_id, Account.id.in_(groups.moderating_accounts(group_id)))
    )


def is_facilitator(account_id: int, meeting_id: int) -> bool:
    """Whether this person is to facilitate a meeting."""
    me = policy.facilitates(literal(account_id, Integer))
    found = select(Meeting.id).join(Group, Group.id == Meeting.group_id)
    return current_session().scalar(found.where(Meeting.id == meeting_id, me)) is not None


def is_covered(meeting_id: int) -> bool:
    """Whether anybody is to facilitate a meeting."""
    found = select(Meeting.id).join(Group, Group.id == Meeting.group_id)
    covered = found.where(Meeting.id == meeting_id, policy.is_covered())
    return current_session().scalar(covered) is not None


def team_of_group(group_id: int) -> list[int]:
    """Return the ids of a group's facilitators and moderators."""
    found = select(Account.id).join(Membership, _is_in_team(group_id))
    return list(current_session().scalars(found))


def handles_of_team(group_id: int, besides: int | None) -> list[str]:
    """Return the handles of a group's facilitators and moderators but one, in order."""
    found = select(Account.handle).join(Membership, _is_in_team(group_id))
    return _in_order(found.where(Account.id.is_distinct_from(besides)))


def handles_of_series(series_id: int) -> list[str]:
    """Return the handles of those who were named to facilitate a series, in order."""
    return _in_order(
        select(Account.handle)
        .join(SeriesFacilitator, SeriesFacilitator.account_id == Account.id)
        .where(SeriesFacilitator.series_id == series_id)
    )


def name_facilitators(session: Session, series: Series, handles: Collection[str]) -> None:
    """Let these facilitate a series with its planner, and no others; belongs in a transaction.

    Raises Invalid for anyone who neither facilitates nor moderates the group.
    """
    asked = {accounts_handles.key_of(handle) for handle in handles}
    found = select(Account.id).join(Membership, _is_in_team(series.group_id))
    named = set(session.scalars(found.where(Account.handle_key.in_(asked))))
    if len(named) < len(asked):
        raise Invalid(fields={FIELD: _("Choose facilitators and moderators of this group.")})
    session.execute(
        delete(SeriesFacilitator)
        .where(SeriesFacilitator.series_id == series.id)
        .execution_options(synchronize_session=False)
    )
    session.add_all(
        SeriesFacilitator(series_id=series.id, account_id=account_id)
        for account_id in sorted(named - {series.by_id})
    )


def _is_in_team(group_id: int) -> ColumnElement[bool]:
    return and_(
        Membership.account_id == Account.id,
        Membership.group_id == group_id,
        Membership.role.in_(groups.MODERATING_ROLES),
        is_active(Account.id),
    )


def _in_order(handles: Select[str]) -> list[str]:
    return sorted(current_session().scalars(handles), key=letters.sort_key)
