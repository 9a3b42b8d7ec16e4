"""Periodic work of the server: one-line calls into services."""

from forum.accounts import service as accounts
from forum.core import background
from forum.moderation import queue_intake
from forum.notifications import service as notifications

HOUR_S = 3600
QUEUE_EVERY_S = 300


def start() -> None:
    """Tidy up every hour, and look after the queue, for as long as the server runs."""
    background.every(HOUR_S, "tidy_up", tidy_up)
    background.every(QUEUE_EVERY_S, "queue", queue_intake.sweep)


def tidy_up() -> None:
    """Forget what nobody needs any longer."""
    accounts.forget_old_sessions()
    notifications.forget_old()
