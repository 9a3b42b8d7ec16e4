"""Periodic work of the server: one-line calls into services."""

from forum.accounts import service as accounts
from forum.core import background
from forum.notifications import service as notifications

HOUR_S = 3600


def start() -> None:
    """Tidy up every hour for as long as the server runs."""
    background.every(HOUR_S, "tidy_up", tidy_up)


def tidy_up() -> None:
    """Forget what nobody needs any longer."""
    accounts.forget_old_sessions()
    notifications.forget_old()
