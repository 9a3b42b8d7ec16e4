"""Lifting a silence."""

from forum.core.translation import lazy
from forum.moderation.actions.people.silence import Silence
from forum.moderation.actions.silences_and_suspensions import Lifting


class Unsilence(Lifting, Silence):
    """Let somebody take part in a group as before."""

    name = "unsilence"
    label = lazy("Let them write again")
    done = lazy("A member could post again early")
    about = lazy("They can take part in this group as before.")
    position = 40
