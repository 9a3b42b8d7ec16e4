"""Letting somebody write again in one meeting."""

from forum.core.translation import lazy
from forum.moderation.actions.rooms.mute import MuteInRoom


class UnmuteInRoom(MuteInRoom):
    """Let somebody write in a meeting as before."""

    name = "room_unmute"
    label = lazy("Unmute")
    done = lazy("Someone was unmuted in a room")
    about = lazy("They can write in this meeting as before.")
    position = 40
    turns_on = False
