"""Locking a thread."""

from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core.translation import lazy
from forum.moderation.actions.action import State, Switch
from forum.moderation.actions.role_ranks import FACILITATOR
from forum.moderation.actions.targets import THREAD, Target
from forum.threads.posts import moderator_edits


class Lock(Switch):
    """Let a thread be read, and added to by moderators alone."""

    name = "lock"
    label = lazy("Lock")
    done = lazy("A thread was locked")
    about = lazy("Members can read it, but only moderators can add to it.")
    on = THREAD
    least = FACILITATOR
    position = 20
    field = "locked"

    def state(self, session: Session, target: Target) -> State:
        """Return whether it is so, as it was read when the thread was locked."""
        return {"locked": target.read_thread.locked}

    def put(
        self, session: Session, viewer: Viewer, target: Target, wanted: State, reason: str
    ) -> None:
        """Change it."""
        moderator_edits.update_thread(session, target.id, locked=wanted["locked"])
