"""After how long which items of the queue ring; a crisis has calls of its own."""

from dataclasses import dataclass
from datetime import timedelta

from forum.moderation.queue_items.models import (
    JOIN_REQUEST,
    MANY_HIDDEN,
    PENDING_POST,
    REPORT,
    UNANSWERED,
)
from forum.moderation.queue_items.policy import LOW, SOON, TODAY

UNANSWERED_POST, UNANSWERED_AGAIN = "unanswered_post", "unanswered_again"
PENDING, REQUEST = "pending_post", "join_request"
OPEN_REPORT, URGENT_REPORT = "open_report", "urgent_report"


@dataclass(frozen=True)
class Bell:
    """Rings once for each item of a kind and an urgency that has waited so long.

    Where an item has several, the later `step` comes instead of those before it that have not rung.
    """

    name: str
    kind: str
    after: timedelta
    step: int = 1
    urgency: int | None = None


BELLS = (
    Bell(UNANSWERED_POST, UNANSWERED, timedelta(hours=4)),
    Bell(UNANSWERED_AGAIN, UNANSWERED, timedelta(hours=12), step=2),
    Bell(PENDING, PENDING_POST, timedelta(hours=2)),
    Bell(REQUEST, JOIN_REQUEST, timedelta(hours=12)),
    Bell(OPEN_REPORT, REPORT, timedelta(hours=24), urgency=LOW),
    Bell(OPEN_REPORT, REPORT, timedelta(hours=4), urgency=TODAY),
    Bell(URGENT_REPORT, REPORT, timedelta(), step=2, urgency=SOON),
    Bell(URGENT_REPORT, MANY_HIDDEN, timedelta()),
)
