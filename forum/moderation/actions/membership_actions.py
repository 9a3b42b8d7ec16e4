"""Actions on somebody's standing in a group: a role given or taken, a removal and its lifting."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.errors import Conflict, Invalid
from forum.groups import queries as groups
from forum.groups.membership import roles
from forum.groups.membership.roles import RoleState
from forum.groups.models import MODERATOR
from forum.groups.policy import RANK
from forum.moderation.actions import action_targets
from forum.moderation.actions.action_targets import Target
from forum.moderation.actions.content_actions import STANDING, Action
from forum.moderation.second_approval import independence

ROLE, REMOVE, LET_BACK = "role", "remove", "let_back"


def checked(value: str) -> str:
    """Return a role, fit to keep. Raises Invalid."""
    if value not in RANK:
        raise Invalid(fields={"role": "Please choose one of the options."})
    return value


def reaches(session: Session, what: Action, account_id: int, group_id: int | None) -> bool:
    """Whether an action reaches somebody who is not, or no longer, a member of the group."""
    return (
        what.field == STANDING
        and not what.asks
        and action_targets.was_here(session, account_id, group_id)
    )


def fits(standing: Mapping[str, Any], name: str) -> bool:
    """Whether an action would change this standing."""
    if name == ROLE:
        return standing["role"] is not None
    return bool(standing["removed"]) == (name == LET_BACK)


def wanted(
    session: Session, name: str, target: Target, value: str, by_ids: tuple[int, ...]
) -> dict[str, Any]:
    """Return what somebody's standing is to become by these people's decision.

    Raises Conflict where somebody would step down who is the only moderator.
    """
    group_id = target.group_id or 0
    before = roles.role_state_of(session, group_id, target.id)
    if name == REMOVE:
        return RoleState(removed=True).as_json()
    if name == LET_BACK:
        return replace(before, removed=False).as_json()
    if before.role is None or RANK[value] <= RANK[before.role]:
        if by_ids == (target.id,) and before.role == MODERATOR != value:
            _require_other_moderator(group_id)
        return replace(before, role=value).as_json()
    behind = [independence.backers(session, by_id, group_id) for by_id in by_ids]
    return RoleState(value, clock.now(), frozenset.intersection(*behind)).as_json()


def _require_other_moderator(group_id: int) -> None:
    if groups.count_active(group_id, (MODERATOR,)) == 1:
        raise Conflict("You are the only moderator. Please make somebody else one first.")
