"""Letting a removed member join a group again."""

from dataclasses import replace

from sqlalchemy.orm import Session

from forum.core.translation import lazy
from forum.groups.membership import roles
from forum.moderation.actions.action import Given, State
from forum.moderation.actions.role_changes import MembershipChange
from forum.moderation.actions.role_ranks import MODERATOR
from forum.moderation.actions.targets import Target


class LetBack(MembershipChange):
    """Lift a removal."""

    name = "let_back"
    label = lazy("Let back into the group")
    done = lazy("Someone who was removed may join again")
    about = lazy("They can join the group again in the usual way.")
    least = MODERATOR
    position = 70

    def wanted(
        self, session: Session, target: Target, given: Given, by_ids: tuple[int, ...]
    ) -> State:
        """Return the same standing without the removal."""
        before = roles.role_state_of(session, target.group_id or 0, target.id)
        return replace(before, removed=False).as_json()

    def fits(self, session: Session, target: Target) -> bool:
        """Whether they are removed."""
        return bool(self.state(session, target)["removed"])
