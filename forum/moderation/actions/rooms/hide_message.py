"""Hiding a message in a meeting's room."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core.translation import lazy, lazy_pgettext
from forum.meetings.room.messages import service as messages
from forum.meetings.room.models import RoomMessage
from forum.moderation.actions.action import State, Switch
from forum.moderation.actions.role_ranks import FACILITATOR
from forum.moderation.actions.targets import Target
from forum.moderation.queue_items.models import ROOM_MESSAGE


class HideMessage(Switch):
    """Hide a message from all but its author and the moderators."""

    name = "hide_message"
    label = lazy_pgettext("button", "Hide")
    done = lazy("A message in a room was hidden")
    about = lazy("Only its author and the group's moderators will see it.")
    on = ROOM_MESSAGE
    least = FACILITATOR
    position = 10
    field = "hidden"

    def state(self, session: Session, target: Target) -> State:
        """Return whether it is hidden."""
        hidden_at = select(RoomMessage.hidden_at).where(RoomMessage.id == target.id)
        return {"hidden": session.scalar(hidden_at) is not None}

    def put(
        self, session: Session, viewer: Viewer, target: Target, wanted: State, reason: str
    ) -> None:
        """Hide it or show it again."""
        messages.set_hidden(session, viewer, target.id, hidden=wanted["hidden"])
