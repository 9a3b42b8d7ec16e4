"""Unpinning a thread."""

from forum.moderation.actions.threads.pin import Pin


class Unpin(Pin):
    """Order a thread by its last reply again."""

    name = "unpin"
    label = "Unpin"
    done = "A conversation was unpinned"
    about = "It stands where its last reply puts it."
    position = 60
    turns_on = False
