"""Lifting a silence."""

from forum.moderation.actions.people.silence import Silence
from forum.moderation.actions.silences_and_suspensions import Lifting


class Unsilence(Lifting, Silence):
    """Let somebody take part in a group as before."""

    name = "unsilence"
    label = "Let write again"
    done = "A silence was lifted"
    about = "They can take part in this group as before."
    position = 40
