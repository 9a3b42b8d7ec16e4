"""A note about somebody, for moderators alone."""

from forum.core.translation import lazy
from forum.moderation.actions.action import Action
from forum.moderation.actions.role_ranks import MODERATOR
from forum.moderation.actions.targets import PERSON


class Note(Action):
    """Leave moderators a note about somebody, who does not learn of it."""

    name = "note"
    label = lazy("Add a note for moderators")
    done = lazy("A note was added")
    about = lazy("Only moderators read it.")
    on = PERSON
    least = MODERATOR
    position = 10
    tells_person = False
    needs_reason = True
