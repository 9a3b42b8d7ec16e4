"""Pre-moderation of a thread: what members write waits for approval."""

from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core.translation import lazy
from forum.moderation.actions.action import State, Switch
from forum.moderation.actions.role_ranks import FACILITATOR
from forum.moderation.actions.targets import THREAD, Target
from forum.threads.posts import moderator_edits


class PreModerate(Switch):
    """Approve replies to a thread before they are shown."""

    name = "review"
    label = lazy("Approve replies before they are shown")
    done = lazy("Replies to a thread now need approval")
    about = lazy("What members write waits until a moderator approves it.")
    on = THREAD
    least = FACILITATOR
    position = 70
    field = "reviewed"

    def state(self, session: Session, target: Target) -> State:
        """Return whether it is so, as it was read when the thread was locked."""
        return {"reviewed": target.read_thread.pre_moderated}

    def put(
        self, session: Session, viewer: Viewer, target: Target, wanted: State, reason: str
    ) -> None:
        """Change it."""
        moderator_edits.update_thread(session, target.id, pre_moderated=wanted["reviewed"])
