"""Showing a hidden post again."""

from forum.moderation.actions.posts.hide import Hide


class Restore(Hide):
    """Show a hidden post again; nobody does so alone with their own."""

    name = "restore"
    label = "Show again"
    done = "A hidden post was shown again"
    about = "Everybody sees it at its place again."
    position = 20
    turns_on = False
    own_alone = False
