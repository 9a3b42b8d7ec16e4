"""A warning."""

from forum.core.translation import lazy
from forum.moderation.actions.action import Action
from forum.moderation.actions.role_ranks import MODERATOR
from forum.moderation.actions.targets import PERSON


class Warn(Action):
    """Warn somebody."""

    name = "warn"
    label = lazy("Warn")
    done = lazy("A warning was given")
    about = lazy("They read why. Nothing else changes.")
    on = PERSON
    least = MODERATOR
    position = 20
    needs_reason = True
