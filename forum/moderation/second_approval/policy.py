"""Who may be the second person, and for how long an action waits for one."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_

from forum.accounts.policy import ViewerId
from forum.moderation.actions.action import Action
from forum.moderation.actions.policy import may_perform
from forum.moderation.models import PendingAction

# What became of a proposal, besides being confirmed; nothing was done then.
PENDING_FOR = timedelta(days=14)


def may_approve(action: Action, second: int, *, is_first: bool, is_person: bool) -> bool:
    """Whether somebody may be the second: allowed the action, not the first, not concerned."""
    return second >= action.least and not is_first and not is_person


def may_answer_pending(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on PendingAction, left-joined with Group: it waits for this person, among others.

    Not for the one who proposed it, nor for the one whom it is about.
    """
    return and_(
        PendingAction.decided_at.is_(None),
        PendingAction.by_id != viewer_id,
        PendingAction.person_id.is_distinct_from(viewer_id),
        may_perform(viewer_id, PendingAction.group_id, PendingAction.action),
    )
