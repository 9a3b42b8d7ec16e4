"""Showing a hidden message in a meeting's room again."""

from forum.core.translation import lazy
from forum.moderation.actions.rooms.hide_message import HideMessage


class RestoreMessage(HideMessage):
    """Show a hidden message again; nobody does so alone with their own."""

    name = "restore_message"
    label = lazy("Show again")
    done = lazy("A hidden message in a room was shown again")
    about = lazy("Everyone in the room sees it again.")
    position = 20
    turns_on = False
    own_alone = False
