"""Letting somebody back into one meeting."""

from forum.core.translation import lazy
from forum.moderation.actions.rooms.remove import RemoveFromRoom


class LetBackIntoRoom(RemoveFromRoom):
    """Let somebody come back to a meeting."""

    name = "room_let_back"
    label = lazy("Let back in")
    done = lazy("Someone was let back into a room")
    about = lazy("They can come back to this meeting.")
    position = 60
    turns_on = False
