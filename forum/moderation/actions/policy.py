"""Who may act on whom and who sees what was done; when a second person is needed."""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, or_

from forum.accounts import policy as accounts
from forum.accounts.policy import ViewerId
from forum.groups import policy as groups
from forum.moderation.actions.action import Action
from forum.moderation.actions.log_entries import APPROVAL_DECISIONS, LABELS
from forum.moderation.actions.registry import ACTIONS
from forum.moderation.actions.role_ranks import FACILITATOR, MODERATOR
from forum.moderation.actions.targets import PERSON

ALONE, WITH_SECOND, REFUSED = "alone", "with_second", "refused"
STRICTEST_FIRST = (REFUSED, WITH_SECOND, ALONE)
APPROVE_EDIT, DECLINE_EDIT = "approve_edit", "decline_edit"


def decide(action: Action, by: int, person: int, *, own: bool = False) -> str:
    """Say whether somebody of rank `by` may act on somebody of rank `person`, and how.

    Nobody moderates somebody of the same or a higher rank alone; one's own words are one's own,
    but nobody shows them again alone, or lifts alone what was imposed on themselves. Roles are
    taken and members removed from above only; but anyone can step down.
    """
    if by < action.least:
        return REFUSED
    if action.from_above:
        return ALONE if person < by or (own and action.asks) else REFUSED
    over_own = own and action.own_alone and action.on != PERSON
    if action.needs_second or (person >= by and not over_own):
        return WITH_SECOND
    return ALONE


def least_rank(name: str) -> int:
    """Return the rank that it takes to do what a row of the log says, or to think again of it."""
    if name in ACTIONS:
        return ACTIONS[name].least
    return FACILITATOR if name in APPROVAL_DECISIONS else MODERATOR


def may_perform(
    viewer_id: ViewerId, group_id: SQLColumnExpression[Any], action: SQLColumnExpression[str]
) -> ColumnElement[bool]:
    """Condition on a row left-joined with Group: their role is enough for its action."""
    small = [name for name in LABELS if least_rank(name) <= FACILITATOR]
    return or_(
        accounts.administers(viewer_id),
        and_(group_id.is_not(None), groups.is_moderator(viewer_id)),
        and_(
            group_id.is_not(None),
            groups.moderates(viewer_id),
            or_(*(action == name for name in small)),
        ),
    )
