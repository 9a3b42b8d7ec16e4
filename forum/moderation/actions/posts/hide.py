"""Hiding a post from all but its author and the moderators."""

from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core.translation import lazy, lazy_pgettext
from forum.moderation.actions.action import State, Switch
from forum.moderation.actions.role_ranks import FACILITATOR
from forum.moderation.actions.targets import POST, Target
from forum.threads import service as threads


class Hide(Switch):
    """Hide a post."""

    name = "hide"
    label = lazy_pgettext("button", "Hide")
    done = lazy("A post was hidden")
    about = lazy("Only its author and the group's moderators will see it.")
    on = POST
    least = FACILITATOR
    position = 10
    field = "hidden"

    def state(self, session: Session, target: Target) -> State:
        """Return whether it is hidden, as it was read when it was locked."""
        return {"hidden": target.read_post.state.is_hidden}

    def put(
        self, session: Session, viewer: Viewer, target: Target, wanted: State, reason: str
    ) -> None:
        """Hide it or show it again."""
        change = threads.hide_post if wanted["hidden"] else threads.restore_post
        change(viewer, target.id, reason, post=target.post)
