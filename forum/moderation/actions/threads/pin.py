"""Pinning a thread to the top of its group."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core.translation import lazy
from forum.moderation.actions.action import State, Switch
from forum.moderation.actions.role_ranks import MODERATOR
from forum.moderation.actions.targets import THREAD, Target
from forum.threads.models import Thread
from forum.threads.posts import moderator_edits


class Pin(Switch):
    """Put a thread first on its group's page."""

    name = "pin"
    label = lazy("Pin to the top")
    done = lazy("A thread was pinned")
    about = lazy("It comes first on the group's page.")
    on = THREAD
    least = MODERATOR
    position = 50
    field = "pinned"

    def state(self, session: Session, target: Target) -> State:
        """Return whether it is so."""
        return {"pinned": session.scalar(select(Thread.pinned).where(Thread.id == target.id))}

    def put(
        self, session: Session, viewer: Viewer, target: Target, wanted: State, reason: str
    ) -> None:
        """Change it."""
        moderator_edits.update_thread(session, target.id, pinned=wanted["pinned"])
