"""A warning."""

from forum.moderation.actions.action import Action
from forum.moderation.actions.role_ranks import MODERATOR
from forum.moderation.actions.targets import PERSON


class Warn(Action):
    """Warn somebody."""

    name = "warn"
    label = "Warn"
    done = "A warning was given"
    about = "They read why. Nothing else changes."
    on = PERSON
    least = MODERATOR
    position = 20
    needs_reason = True
