"""The number that somebody's badge shows."""

from forum.notifications import unread_counts


def unread(account_id: int) -> int:
    """Return how many lines are unread; 101 is "more than 100"."""
    return unread_counts.unread_counts(account_id).lines
