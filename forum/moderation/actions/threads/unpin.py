"""Unpinning a thread."""

from forum.core.translation import lazy
from forum.moderation.actions.threads.pin import Pin


class Unpin(Pin):
    """Order a thread by its last reply again."""

    name = "unpin"
    label = lazy("Unpin")
    done = lazy("A thread was unpinned")
    about = lazy("Its last reply decides its place in the list again.")
    position = 60
    turns_on = False
