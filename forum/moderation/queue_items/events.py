"""What happens in the queue: ids and measures, never text."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CrisisAlertRaised:
    """Somebody may be in danger, and people are to be called.

    With `by_id` a colleague calls them once more, by hand.
    """

    item_id: int
    at: datetime
    by_id: int | None = None


@dataclass(frozen=True)
class QueueItemChanged:
    """An item of the queue is new, or looks different now."""

    item_id: int
    version: int
    transition: str
    by_id: int | None
    at: datetime
