"""The end of pre-moderation of a thread."""

from forum.moderation.actions.threads.pre_moderate import PreModerate


class StopPreModeration(PreModerate):
    """Show replies to a thread at once again."""

    name = "unreview"
    label = "Show replies at once again"
    done = "Replies to a conversation are shown at once again"
    about = "What waits already still wants your look."
    position = 80
    turns_on = False
