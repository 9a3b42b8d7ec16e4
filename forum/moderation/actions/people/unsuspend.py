"""Lifting a suspension or a ban."""

from forum.moderation.actions.people.suspend import Suspend
from forum.moderation.actions.silences_and_suspensions import Lifting


class Unsuspend(Lifting, Suspend):
    """Let somebody take part as before."""

    name = "unsuspend"
    label = "Lift the suspension"
    done = "A suspension was lifted"
    about = "They can take part as before."
    position = 100
