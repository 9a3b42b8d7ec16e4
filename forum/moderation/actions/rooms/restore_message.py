"""Showing a hidden message in a meeting's room again."""

from forum.moderation.actions.rooms.hide_message import HideMessage


class RestoreMessage(HideMessage):
    """Show a hidden message again; nobody does so alone with their own."""

    name = "restore_message"
    label = "Show again"
    done = "A hidden message in a room was shown again"
    about = "Everybody in the room sees it again."
    position = 20
    turns_on = False
    own_alone = False
