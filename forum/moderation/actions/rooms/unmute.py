"""Letting somebody write again in one meeting."""

from forum.moderation.actions.rooms.mute import MuteInRoom


class UnmuteInRoom(MuteInRoom):
    """Let somebody write in a meeting as before."""

    name = "room_unmute"
    label = "Let speak again"
    done = "Somebody was let speak again in a room"
    about = "They can write in this meeting as before."
    position = 40
    turns_on = False
