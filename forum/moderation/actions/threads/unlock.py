"""Unlocking a thread."""

from forum.moderation.actions.threads.lock import Lock


class Unlock(Lock):
    """Let members write in a thread again."""

    name = "unlock"
    label = "Unlock"
    done = "A conversation was unlocked"
    about = "Members can write in it again."
    position = 30
    turns_on = False
