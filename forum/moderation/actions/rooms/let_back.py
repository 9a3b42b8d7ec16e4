"""Letting somebody back into one meeting."""

from forum.moderation.actions.rooms.remove import RemoveFromRoom


class LetBackIntoRoom(RemoveFromRoom):
    """Let somebody come back to a meeting."""

    name = "room_let_back"
    label = "Let back in"
    done = "Somebody was let back into a room"
    about = "They can come back to this meeting."
    position = 60
    turns_on = False
