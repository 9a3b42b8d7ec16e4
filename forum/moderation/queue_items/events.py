"""What happens in the queue: ids and measures, never text."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CrisisAlertRaised:
    """Somebody may be in danger, and no moderator has been alerted yet."""

    item_id: int
    at: datetime


@dataclass(frozen=True)
class QueueItemChanged:
    """An item of the queue is new, or looks different now."""

    item_id: int
    version: int
    transition: str
    by_id: int | None
    at: datetime
