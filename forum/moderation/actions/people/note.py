"""A note about somebody, for moderators alone."""

from forum.moderation.actions.action import Action
from forum.moderation.actions.role_ranks import MODERATOR
from forum.moderation.actions.targets import PERSON


class Note(Action):
    """Leave moderators a note about somebody, who does not learn of it."""

    name = "note"
    label = "Note for moderators"
    done = "A note was written"
    about = "Only moderators read it."
    on = PERSON
    least = MODERATOR
    position = 10
    tells_person = False
    needs_reason = True
