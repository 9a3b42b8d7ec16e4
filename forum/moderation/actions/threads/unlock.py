"""Unlocking a thread."""

from forum.core.translation import lazy
from forum.moderation.actions.threads.lock import Lock


class Unlock(Lock):
    """Let members write in a thread again."""

    name = "unlock"
    label = lazy("Unlock")
    done = lazy("A thread was unlocked")
    about = lazy("Members can write in it again.")
    position = 30
    turns_on = False
