"""Removing somebody from a group."""

from sqlalchemy.orm import Session

from forum.core.translation import lazy
from forum.groups.membership.roles import RoleState
from forum.moderation.actions.action import Given, State
from forum.moderation.actions.role_changes import MembershipChange
from forum.moderation.actions.role_ranks import FACILITATOR
from forum.moderation.actions.targets import Target


class Remove(MembershipChange):
    """Remove somebody from a group until a moderator lets them back."""

    name = "remove"
    label = lazy("Remove from the group")
    done = lazy("Someone was removed from a group")
    about = lazy(
        "They can't come back until a moderator of the group lets them. The invitation they "
        "joined with ends, and so do any they made."
    )
    least = FACILITATOR
    position = 60

    def wanted(
        self, session: Session, target: Target, given: Given, by_ids: tuple[int, ...]
    ) -> State:
        """Return that they are removed."""
        return RoleState(removed=True).as_json()

    def fits(self, session: Session, target: Target) -> bool:
        """Whether they are not removed yet."""
        return not self.state(session, target)["removed"]
