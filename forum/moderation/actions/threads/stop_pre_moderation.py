"""The end of pre-moderation of a thread."""

from forum.core.translation import lazy
from forum.moderation.actions.threads.pre_moderate import PreModerate


class StopPreModeration(PreModerate):
    """Show replies to a thread at once again."""

    name = "unreview"
    label = lazy("Show replies at once again")
    done = lazy("Replies to a thread are shown at once again")
    about = lazy("Posts already waiting still need your approval.")
    position = 80
    turns_on = False
