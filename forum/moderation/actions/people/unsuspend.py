"""Lifting a suspension or a ban."""

from forum.core.translation import lazy
from forum.moderation.actions.people.suspend import Suspend
from forum.moderation.actions.silences_and_suspensions import Lifting


class Unsuspend(Lifting, Suspend):
    """Let somebody take part as before."""

    name = "unsuspend"
    label = lazy("Lift the suspension")
    done = lazy("A suspension was lifted")
    about = lazy("They can take part as before.")
    position = 100
