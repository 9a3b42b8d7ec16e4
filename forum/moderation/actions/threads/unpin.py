"""Unpinning a thread."""

from forum.moderation.actions.threads.pin import Pin


class Unpin(Pin):
    """Let a thread stand where its last reply puts it."""

    name = "unpin"
    label = "Unpin"
    done = "A conversation was unpinned"
    about = "It stands where its last reply puts it."
    position = 60
    turns_on = False
