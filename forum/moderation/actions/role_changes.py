"""What actions on somebody's standing in a group, a role or a removal, have in common."""

from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.groups.membership import roles
from forum.groups.membership.roles import RoleState
from forum.moderation.actions import targets
from forum.moderation.actions.action import Action, State
from forum.moderation.actions.targets import PERSON, Target


class StandingChange(Action):
    """An action that changes what somebody is in a group, by those of higher rank alone."""

    on = PERSON
    field = "standing"
    from_above = True

    def state(self, session: Session, target: Target) -> State:
        """Return somebody's role with its history, and whether they are removed."""
        return roles.role_state_of(session, target.group_id or 0, target.id).as_json()

    def put(
        self, session: Session, viewer: Viewer, target: Target, wanted: State, reason: str
    ) -> None:
        """Change it."""
        standing = RoleState.from_json(wanted)
        roles.set_role_state(session, target.group_id or 0, target.id, standing, viewer.id)


class MembershipChange(StandingChange):
    """One that is for a member who has left the group, too."""

    def reaches_former_member(self, session: Session, account_id: int, group_id: int) -> bool:
        """Whether they were removed from it, or have written in it."""
        return targets.was_here(session, account_id, group_id)
