"""Conditions on shifts and breaks: who is on call, and who may read of it."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, not_, or_

from forum.accounts import policy as accounts
from forum.accounts.models import Account
from forum.accounts.policy import ViewerId, row_exists
from forum.core import clock
from forum.core.db import this_moment
from forum.groups import policy as groups
from forum.moderation.on_call.models import OnCallBreak, Shift
from forum.moderation.queue_items.models import QueueItem

BREAK_HOLDS = timedelta(hours=8)


def rests(account_id: ViewerId = Account.id) -> ColumnElement[bool]:
    """Condition: this person takes a break from being called."""
    return row_exists(
        OnCallBreak,
        OnCallBreak.account_id == account_id,
        OnCallBreak.until > this_moment(),
        OnCallBreak.until <= this_moment(BREAK_HOLDS),  # a clock that was ahead keeps nobody away
    )


def moderates_its_group() -> ColumnElement[bool]:
    """Condition on Account and QueueItem: more than an administrator, who moderates every group.

    What concerns the whole site has no other moderators.
    """
    in_group = and_(QueueItem.group_id.is_not(None), groups.belongs(Account.id))
    return or_(QueueItem.group_id.is_(None), not_(accounts.administers(Account.id)), in_group)


def on_call_for_item() -> ColumnElement[bool]:
    """Condition on Account and QueueItem: somebody's shift for its group, or the site, runs now."""
    for_it = or_(Shift.group_id.is_(None), Shift.group_id == QueueItem.group_id)
    return row_exists(Shift, Shift.account_id == Account.id, is_running(clock.now()), for_it)


def is_running(now: datetime) -> ColumnElement[bool]:
    """Condition on Shift: it has begun and is not over."""
    return and_(Shift.starts_at <= now, Shift.ends_at > now)


def still_moderates(account_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Shift, left-joined with Group: still moderates what the shift is for."""
    in_group = and_(Shift.group_id.is_not(None), groups.moderates(account_id))
    return or_(accounts.administers(account_id), in_group)


def is_shared_with(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: may read this shift; the site's hours are for all moderators."""
    in_group = and_(Shift.group_id.is_not(None), groups.moderates(viewer_id))
    return or_(accounts.administers(viewer_id), Shift.group_id.is_(None), in_group)
