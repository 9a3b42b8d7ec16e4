"""Silencing somebody in a group for some days; it outlasts leaving the group and coming back."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core.translation import lazy
from forum.groups.models import Membership
from forum.moderation.actions import silence_on_rejoining
from forum.moderation.actions.action import State, moment
from forum.moderation.actions.role_ranks import MODERATOR
from forum.moderation.actions.silences_and_suspensions import Restriction
from forum.moderation.actions.targets import Target


class Silence(Restriction):
    """Let somebody read in a group, and not write, react or speak."""

    name = "silence"
    label = lazy("Silence for a time")
    done = lazy("A member was stopped from posting for a time")
    about = lazy("They can read in this group, but can't write, react or speak in its meetings.")
    least = MODERATOR
    position = 30
    field = "silence"
    asks = "days"

    def state(self, session: Session, target: Target) -> State:
        """Return until when and why; a silence of a former member waits for them in the log."""
        row = session.execute(
            select(Membership.silenced_until, Membership.silence_reason).where(
                Membership.account_id == target.id, Membership.group_id == target.group_id
            )
        ).one_or_none()
        if row is None:
            return silence_on_rejoining.logged(session, target.id, target.group_id)
        return {
            "until": row.silenced_until.isoformat() if row.silenced_until else None,
            "because": row.silence_reason,
        }

    def put(
        self, session: Session, viewer: Viewer, target: Target, wanted: State, reason: str
    ) -> None:
        """Impose or lift it."""
        session.execute(
            update(Membership)
            .where(Membership.account_id == target.id, Membership.group_id == target.group_id)
            .values(silenced_until=moment(wanted["until"]), silence_reason=wanted["because"])
            .execution_options(synchronize_session=False)
        )
