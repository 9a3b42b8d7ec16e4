"""Changing somebody's role in a group."""

from dataclasses import replace

from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.errors import Conflict, Invalid
from forum.core.translation import _, lazy
from forum.groups import models, policy
from forum.groups import queries as groups
from forum.groups.membership import roles
from forum.groups.membership.roles import RoleState
from forum.moderation.actions import conflicts_of_interest
from forum.moderation.actions.action import Given, State
from forum.moderation.actions.role_changes import StandingChange
from forum.moderation.actions.role_ranks import MODERATOR
from forum.moderation.actions.targets import Target


class Role(StandingChange):
    """Give a member another role; anyone can step down, except a group's only moderator."""

    name = "role"
    label = lazy("Change their role")
    done = lazy("A role in a group was changed")
    about = lazy("Moderators can do everything in the group, facilitators most things.")
    least = MODERATOR
    position = 50
    asks = "role"

    def check(self, value: str) -> str:
        """Return a role. Raises Invalid."""
        if value not in policy.RANK:
            raise Invalid(fields={"role": _("Choose one of the roles.")})
        return value

    def wanted(
        self, session: Session, target: Target, given: Given, by_ids: tuple[int, ...]
    ) -> State:
        """Return the role, with those without whom they would not have it. Raises Conflict."""
        group_id, role = target.group_id or 0, given.value
        before = roles.role_state_of(session, group_id, target.id)
        if before.role is None or policy.RANK[role] <= policy.RANK[before.role]:
            if by_ids == (target.id,) and before.role == models.MODERATOR != role:
                _require_other_moderator(group_id)
            return replace(before, role=role).as_json()
        backers = [conflicts_of_interest.backers(session, by_id, group_id) for by_id in by_ids]
        return RoleState(role, clock.now(), frozenset.intersection(*backers)).as_json()

    def fits(self, session: Session, target: Target) -> bool:
        """Whether they are a member."""
        return self.state(session, target)["role"] is not None


def _require_other_moderator(group_id: int) -> None:
    if groups.count_active(group_id, (models.MODERATOR,)) == 1:
        raise Conflict(_("You're the only moderator. Make someone else a moderator first."))
