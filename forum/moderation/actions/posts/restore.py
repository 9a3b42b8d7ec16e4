"""Showing a hidden post again."""

from forum.core.translation import lazy
from forum.moderation.actions.posts.hide import Hide


class Restore(Hide):
    """Show a hidden post again; nobody does so alone with their own."""

    name = "restore"
    label = lazy("Show again")
    done = lazy("A hidden post was shown again")
    about = lazy("Everyone sees it in its place again.")
    position = 20
    turns_on = False
    own_alone = False
